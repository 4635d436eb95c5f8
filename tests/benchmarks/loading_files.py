"""The files that loading is measured on: contract lines as CSV, and OCDS releases one a line; the same every time."""

from pathlib import Path

from tierline.warehouse import connect

_LINES = """
    SELECT 'PO' || lpad(CAST(n // 4 AS VARCHAR), 8, '0') AS order_id, n % 4 + 1 AS line,
        'V' || lpad(CAST(hash(n // 4) % 50000 AS VARCHAR), 5, '0') AS vendor_id,
        DATE '2023-01-01' + CAST(hash(n // 4 + 7) % 1000 AS INTEGER) AS ordered_on,
        DATE '2023-02-01' + CAST(hash(n // 4 + 7) % 1000 AS INTEGER) AS promised_on,
        DATE '2023-02-01' + CAST(hash(n // 4 + 7) % 1000 + hash(n) % 9 AS INTEGER) AS delivered_on,
        CAST(10000000 + hash(n) % 90000000 AS VARCHAR) AS unspsc,
        CASE WHEN hash(n + 3) % 20 = 0 THEN 'Gloves, work, size ' || CAST(hash(n) % 12 AS VARCHAR)
            ELSE 'Cotton shirts, lot ' || CAST(hash(n) % 1000 AS VARCHAR) END AS description,
        1 + hash(n + 1) % 900 AS quantity, round(1 + (hash(n + 2) % 10000) / 100.0, 2) AS unit_price,
        round((1 + hash(n + 1) % 900) * (1 + (hash(n + 2) % 10000) / 100.0), 2) AS amount,
        ['USD', 'EUR', 'GBP'][CAST(1 + hash(n // 4) % 3 AS INTEGER)] AS currency,
        [30, 60, 90][CAST(1 + hash(n // 4) % 3 AS INTEGER)] AS payment_terms_days
    FROM range($count) AS numbers(n)
"""
_RELEASES = """
    SELECT 'ocds-abc123-' || lpad(CAST(n // $a_process AS VARCHAR), 8, '0') AS ocid, 'r-' || n AS id,
        strftime(TIMESTAMP '2024-01-01' + INTERVAL (n % $a_process) DAY, '%Y-%m-%dT%H:%M:%SZ') AS date,
        ['award'] AS tag, 'en' AS language, 'tender' AS "initiationType",
        list_transform([0, 1, 2], lambda party: {
            id: CASE WHEN party < 2 THEN 'GB-COH-' || lpad(CAST((about + party * 7919) % 90000 AS VARCHAR), 8, '0')
                ELSE 'org-' || about % 7 END,
            name: 'Company ' || (about + party) % 70000,
            identifier: {scheme: 'GB-COH', id: lpad(CAST((about + party * 7919) % 90000 AS VARCHAR), 8, '0')},
            address: {"streetAddress": about % 200 || ' Mill Lane', locality: 'York', "postalCode": 'YO1 ' || about % 9,
                "countryName": 'United Kingdom'},
            roles: CASE WHEN party = 0 THEN ['buyer'] ELSE ['supplier', 'tenderer'] END
        }) AS parties,
        {id: 'GB-COH-' || lpad(CAST(about % 90000 AS VARCHAR), 8, '0'), name: 'Company ' || about % 70000} AS buyer,
        {id: 't-' || about, title: 'Works, lot ' || about % 1000,
            description: repeat('All goods and services it needs. ', 20),
            status: 'complete', "procurementMethod": 'open', "numberOfTenderers": about % 12,
            "tenderPeriod": {"startDate": '2023-11-01T00:00:00Z', "endDate": '2023-12-01T12:00:00Z'},
            value: {amount: n % 100000 * 1.5, currency: 'GBP'},
            items: [{id: '1', description: 'Item', classification:
                {scheme: 'CPV', id: CAST(30000000 + about % 9999999 AS VARCHAR), description: 'Goods'}}]} AS tender,
        [{id: 'a-' || about, date: '2024-02-01T00:00:00Z', status: 'active', title: 'Award',
            value: {amount: n % 100000 * 1.4, currency: 'GBP'},
            suppliers: [{id: 'GB-COH-' || lpad(CAST((about + 7919) % 90000 AS VARCHAR), 8, '0'),
                name: 'Company ' || (about + 1) % 70000},
                {id: 'org-' || about % 7, name: 'Company ' || (about + 2) % 70000}],
            items: [{id: '1', classification: {scheme: 'CPV', id: CAST(30000000 + about % 9999999 AS VARCHAR)}}],
            "contractPeriod": {"startDate": '2024-03-01T00:00:00Z', "endDate": '2025-03-01T00:00:00Z'}}] AS awards
    FROM (SELECT n, CASE WHEN $amended THEN n // $a_process ELSE n END AS about FROM range($count) AS numbers(n))
"""


def write_lines(path: Path, count: int) -> None:
    """Writes so many contract lines as CSV, about 110 bytes each; one in twenty has a quoted cell."""
    with connect() as connection:
        connection.execute(f"CREATE TABLE line AS {_LINES}", {"count": count})
        connection.execute(f"COPY line TO '{path}' (HEADER, DELIMITER ',')")


def write_releases(path: Path, count: int, releases_a_process: int, *, amended: bool = False) -> None:
    """Writes so many OCDS releases as JSON Lines, about 2.2 KB each.

    Where there are several a process, each tells of parties and an award of its own, so that all add up; or, if
    `amended`, each tells of the same again with other amounts.
    """
    query = _RELEASES
    for name, value in {"a_process": releases_a_process, "count": count, "amended": amended}.items():
        query = query.replace(f"${name}", str(value).lower())
    with connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT json)")
