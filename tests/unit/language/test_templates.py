"""Templates speak one language, and nothing that is said can act as markup."""

from datetime import date

from babel.messages.catalog import Catalog
from markupsafe import Markup

from serving.language import language, page_templates
from serving.language.speaking import Language
from serving.language.spoken import speaking_by

HOSTILE = "<script>alert(1)</script> **Acme** `ls` {other}"
INERT = "&lt;script&gt;alert(1)&lt;/script&gt; **Acme** `ls` {other}"


def rendered(speech: Language, template: str, **values: object) -> str:
    return page_templates("serving.lookup", speech).from_string(template).render(**values)


def swedish() -> Language:
    catalogue = Catalog(locale="sv")
    catalogue.add("Look at {name} first", "Titta <först> på {name}")
    catalogue.add(("{count} supplier of {name}", "{count} suppliers of {name}"), ("{count} <b>", "{count} hos {name}"))
    catalogue.add("Debt bondage", "Skuldslaveri & tvång")
    return speaking_by(catalogue)


def test_the_name_of_a_supplier_stays_text() -> None:
    said = rendered(language("en"), '{{ _("Look at {name} first", name=name) }}', name=HOSTILE)

    assert said == f"Look at {INERT} first"


def test_a_translation_is_text_too() -> None:
    assert rendered(swedish(), '{{ _("Look at {name} first", name="A & B") }}') == "Titta &lt;först&gt; på A &amp; B"


def test_markup_that_a_template_made_goes_into_a_message_as_it_is() -> None:
    said = rendered(language("en"), '{{ _("See {link}.", link=link) }}', link=Markup('<a href="#x">x</a>'))

    assert said == 'See <a href="#x">x</a>.'


def test_a_count_is_written_as_a_number_and_takes_its_form() -> None:
    template = '{{ ngettext("{count} supplier of {name}", "{count} suppliers of {name}", count, name=name) }}'

    assert rendered(language("en"), template, count=1, name="<i>") == "1 supplier of &lt;i&gt;"
    assert rendered(language("en"), template, count=1200, name="<i>") == "1,200 suppliers of &lt;i&gt;"
    assert rendered(swedish(), template, count=1, name="x") == "1 &lt;b&gt;"


def test_a_message_may_say_what_is_strong_and_what_is_code() -> None:
    said = rendered(language("en"), "{{ _('**Unknown** is not clean: `csv/a.csv` has \"all\".') }}")

    assert said == "<strong>Unknown</strong> is not clean: <code>csv/a.csv</code> has &#34;all&#34;."


def test_filters_speak_the_language() -> None:
    template = "{{ day | day }} {{ 1234.5 | number(1) }} {{ 0.5 | percent }} {{ 'DE' | country }} {{ 2 | signed }}"

    assert rendered(language("es"), template, day=date(2026, 1, 5)) == "5 ene 2026 1.234,5 50\u00a0% Alemania +2,0"


def test_a_term_without_a_translation_is_marked_as_english() -> None:
    assert rendered(swedish(), '{{ "Debt bondage" | term }}') == "Skuldslaveri &amp; tvång"
    assert rendered(swedish(), '{{ "Held <30 days" | term }}') == '<span lang="en">Held &lt;30 days</span>'
    assert rendered(language("en"), '{{ "Held <30 days" | term }}') == "Held &lt;30 days"
    assert rendered(swedish(), "{{ none | term }}") == ""


def test_a_page_says_its_language_and_those_that_there_are() -> None:
    said = rendered(language("pt"), "{{ language.code }} {% for one in languages %}{{ one.code }} {% endfor %}")

    assert said == "pt en es fr pt "
