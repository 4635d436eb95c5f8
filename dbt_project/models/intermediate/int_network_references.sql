with ownership as (
    select * from {{ ref('stg_ownership_edge') }}
),

links as (
    select * from {{ ref('stg_supply_link') }}
),

records as (
    select * from {{ ref('int_supplier_records') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

identifiers as (
    select * from {{ ref('int_supplier_identifiers') }}
),

statements as (
    select
        subject_ref as reference,
        null as party_name,
        null as party_kind
    from ownership
    union all
    select
        party_ref as reference,
        party_name,
        party_kind
    from ownership
    union all
    select
        parent_ref as reference,
        null as party_name,
        null as party_kind
    from records
    union all
    select
        customer_ref as reference,
        null as party_name,
        null as party_kind
    from links
    union all
    select
        supplier_ref as reference,
        null as party_name,
        null as party_kind
    from links
),

mentioned as (
    select
        reference,
        coalesce(bool_or(party_kind = 'person'), false) as is_stated_person,
        coalesce(bool_or(party_kind = 'company'), false) as is_stated_company,
        {{ first_value_by('party_name', 'party_name') }} as stated_name
    from statements
    where reference is not null
    group by reference
),

registered as (
    select legal_entities.*
    from {{ ref('stg_legal_entity') }} as legal_entities
    inner join mentioned on legal_entities.entity_ref = mentioned.reference
),

registered_names as (
    select
        entity_ref as reference,
        {{ first_value_by('entity_name', 'row_id') }} as entity_name,
        {{ first_value_by('country_code', 'row_id') }} as country_code
    from registered
    group by entity_ref
),

registered_identifiers as (
    {{ identifier_rows('registered', 'entity_ref') }}
),

-- Statements of GLEIF name companies by LEI; a supplier that bears it is meant, whatever its own reference.
reference_keys as (
    select
        entity_ref as reference,
        link_key
    from registered_identifiers
    where link_key is not null
    union
    select
        reference,
        'lei ' || {{ identifier_key("replace(reference, 'lei:', '')") }} as link_key
    from mentioned
    where reference like 'lei:%'
),

borne_by_suppliers as (
    select
        reference_keys.reference,
        min(entities.supplier_id) as supplier_id
    from reference_keys
    inner join identifiers on reference_keys.link_key = identifiers.link_key
    inner join entities on identifiers.supplier_ref = entities.supplier_ref
    where entities.is_supplier
    group by reference_keys.reference
),

recorded as (
    select
        records.supplier_ref as reference,
        {{ first_value_by('records.supplier_name', 'records.is_declared desc, records.row_id') }} as supplier_name,
        {{ first_value_by('records.country_code', 'records.is_declared desc, records.row_id') }} as country_code
    from records
    inner join mentioned on records.supplier_ref = mentioned.reference
    group by records.supplier_ref
),

described as (
    select
        mentioned.reference,
        mentioned.stated_name,
        recorded.supplier_name,
        registered_names.entity_name,
        case when entities.is_supplier then entities.supplier_id else borne_by_suppliers.supplier_id end as supplier_id,
        entities.supplier_id as entity_id,
        coalesce(recorded.country_code, registered_names.country_code) as country_code,
        coalesce(entities.is_natural_person, false) as is_natural_person,
        case
            when entities.is_supplier then 'supplier'
            when entities.is_natural_person or mentioned.is_stated_person then 'person'
            when borne_by_suppliers.supplier_id is not null then 'supplier'
            when
                entities.supplier_id is not null
                or registered_names.reference is not null
                or mentioned.is_stated_company
                then 'company'
            else 'unknown'
        end as party_kind
    from mentioned
    left join recorded on mentioned.reference = recorded.reference
    left join registered_names on mentioned.reference = registered_names.reference
    left join entities on mentioned.reference = entities.supplier_ref
    left join borne_by_suppliers on mentioned.reference = borne_by_suppliers.reference
),

-- The hash of a person's name or reference can be guessed, a place in the order of hashes cannot.
persons as (
    select
        reference,
        'P' || row_number() over (order by sha256(reference)) as person_no
    from described
    where party_kind = 'person'
),

final as (
    select
        described.reference,
        case described.party_kind
            when 'supplier' then described.supplier_id
            when 'person' then persons.person_no
            when 'company' then coalesce(described.entity_id, {{ short_id('C', 'described.reference') }})
            else {{ short_id('U', 'described.reference') }}
        end as party_id,
        described.party_kind,
        case when described.party_kind = 'supplier' then described.supplier_id end as supplier_id,
        case described.party_kind
            when 'person' then 'natural person'
            when 'unknown' then 'not described by its source'
            else coalesce(described.supplier_name, described.entity_name, described.stated_name, described.reference)
        end as party_name,
        -- A person's reference may hold the name.
        case
            when described.party_kind = 'person' then persons.person_no
            when described.is_natural_person then described.supplier_id
            else described.reference
        end as party_ref,
        case when described.party_kind <> 'person' then described.country_code end as country_code
    from described
    left join persons on described.reference = persons.reference
)

select * from final
