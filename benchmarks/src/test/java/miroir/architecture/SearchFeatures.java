package miroir.architecture;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What FHIR R4 says of searching, in its own order: the page {@code docs/api/search.md}, before proofs are added. */
final class SearchFeatures {
    private SearchFeatures() {}

    /**
     * A part of the specification.
     *
     * @param specification page and place below hl7.org/fhir/R4
     */
    record Section(String title, String specification, List<Feature> features) {
        Section(String title, String specification, Feature... features) {
            this(title, specification, List.of(features));
        }
    }

    /**
     * One thing that a client may want.
     *
     * @param name by which tests claim it
     * @param example which stands like that in a test that proves it, or what it calls, where that is no query (behind {@code ~})
     * @param instead what a client gets in its place, and why; null where it is offered
     */
    record Feature(String name, String example, @Nullable String instead) {
        /** What must stand in a proof. */
        String sign() {
            return isQuery() ? example : example.substring(1);
        }

        boolean isQuery() {
            return !example.startsWith("~");
        }
    }

    private static Feature offered(String name, String example) {
        return new Feature(name, example, null);
    }

    private static Feature missing(String name, String example, String instead) {
        return new Feature(name, example, instead);
    }

    static Stream<Feature> all() {
        return SECTIONS.stream().flatMap(section -> section.features().stream());
    }

    static final List<Section> SECTIONS = List.of(
            new Section(
                    "Where a search looks",
                    "http.html#search",
                    offered("one type", "Organization?active=true&_count=5&_total=accurate"),
                    offered("all types", "?_lastUpdated=ge2020-01-01&_count=50"),
                    offered("some types: _type", "?_type=Encounter,Patient,Condition&_count=7"),
                    offered(
                            "a parameter that one of the types lacks is refused",
                            "?_type=Patient,Encounter&gender=male"),
                    offered("a compartment, one type", "/Patient/p1/Observation?code=dog&_count=4"),
                    offered(
                            "a compartment, all types",
                            "/Patient/p1/*?_type=Observation,Condition&_lastUpdated=ge2020"),
                    missing(
                            "a compartment that R4 does not define",
                            "/Organization/1/PractitionerRole",
                            "404: there are those of Patient, Practitioner, RelatedPerson, Encounter and Device;"
                                    + " `PractitionerRole?organization=1` asks the same")),
            new Section(
                    "How it is asked",
                    "http.html#search",
                    offered("GET", "/fhir/Organization?_count=0"),
                    offered("HEAD", "/fhir/Practitioner?_count=1"),
                    offered("POST, parameters in the body", "_id=p1&_elements=name"),
                    offered("POST, parameters in URL and body", "?active=true"),
                    offered("POST, charset of the body", "application/x-www-form-urlencoded;charset=iso-8859-1"),
                    offered("POST, all types", "/_search?_type=Patient,Organization"),
                    offered("POST, a compartment", "/Patient/p1/Observation/_search?code=dog"),
                    offered("in a batch or transaction", "Practitioner/_search?_id=several"),
                    offered("_format", "/fhir/Practitioner?_count=2&_format=xml"),
                    offered("_pretty", "/fhir/Practitioner/p1?_pretty=true&_format=xml"),
                    offered(
                            "Prefer: handling=strict: what is not known is refused",
                            "/fhir/Practitioner?active=true&famly=x"),
                    offered("Prefer: handling=lenient", "/fhir/Organization?nonsense=1&_count=1"),
                    offered("a value that cannot be read is refused, leniently too", "~\"birthdate\", \"soon\""),
                    offered("an empty value is refused", "family=")),
            new Section(
                    "Values",
                    "search.html#escaping",
                    offered("alternatives by comma", "gender=male,other"),
                    offered("repetition means all of them", "gender=male&gender=other"),
                    offered("escapes of , | $ \\", "identifier=http://ids|A\\,1"),
                    offered("percent-encoding", "~a=%zz")),
            new Section(
                    "Numbers",
                    "search.html#number",
                    offered("number, by its digits", "100.00; 100 100.00"),
                    offered("number with an exponent", "1.00e2"),
                    offered("number, integers exactly", "variant-start=128.1"),
                    offered("number eq", "eq100"),
                    offered("number ne", "ne1e2"),
                    offered("number gt", "gt100"),
                    offered("number lt", "lt50"),
                    offered("number ge", "ge100.4"),
                    offered("number le", "le50"),
                    offered("number sa", "sa110"),
                    offered("number eb", "eb3.01"),
                    offered("number ap", "ap100"),
                    offered("number :missing", "probability:missing=true")),
            new Section(
                    "Dates",
                    "search.html#date",
                    offered("date, year to day", "birthdate=1980-05;"),
                    offered("date, minute to second", "date=2024-02-29T09:30Z"),
                    offered("date with a zone", "date=2024-02-29T10:30:00%2B01:00"),
                    offered("date without a zone", "date=2024-02-29T10:30;"),
                    offered("date, day when the clock changes", "ne2026-03-29"),
                    offered("date of a Period, open ends too", "date=gt2030"),
                    offered("date of a Timing: its outer limits", "date=sa1990-02-28"),
                    offered("date eq", "date=2024-02-29;"),
                    offered("date ne", "date=ne2024-02-29"),
                    offered("date gt", "date=gt2024-02-29"),
                    offered("date lt", "date=lt2024-02-29"),
                    offered("date ge", "date=ge2024-02-29"),
                    offered("date le", "date=le2024-02-29"),
                    offered("date sa", "date=sa2024-02-29"),
                    offered("date eb", "date=eb2024-02-29"),
                    offered("date ap", "date=ap2024-02-29"),
                    offered("date, from and to", "birthdate=ge1980-05-17&birthdate=le1980-05-17"),
                    offered("date :missing", "birthdate:missing=true"),
                    missing("a prefix that R4 does not have", "birthdate=xx2000", "400, with those that there are")),
            new Section(
                    "Strings",
                    "search.html#string",
                    offered("string, beginning of a text", "family=L;"),
                    offered("string, accents and letter case aside", "family=L%E2%80%99H%C3%94TE"),
                    offered("string, parts of names and addresses", "name=madame%20oeuv"),
                    offered("string :exact", "family:exact=Lhote"),
                    offered("string :contains", "family:contains=ote"),
                    offered("string :missing", "family:missing=true"),
                    offered("string, spaces are one space", "name=madame%20%20oeuv"),
                    offered("string, hyphens are spaces", "given=anne%20marie"),
                    missing(
                            "string, punctuation aside",
                            "given=anne.marie;",
                            "finds nothing: kinds of apostrophe are one, hyphens are spaces, and no other sign is left out"),
                    missing(
                            "string :text",
                            "family:text=x",
                            "400: R4 has it for tokens; a string is compared as a text anyway, and `:contains` looks inside"),
                    missing(
                            "phonetic, by sound",
                            "phonetic=lhotte;",
                            "compares the spelling, as `name`: R4 names no way to compare sounds, and those that there are"
                                    + " belong to one language")),
            new Section(
                    "URIs",
                    "search.html#uri",
                    offered("uri, equality, letter case counts", "url=HTTP://ACME.ORG/fhir"),
                    offered("uri :below", "url:below=http://acme.org/fhir"),
                    offered("uri :above", "url:above=http://acme.org/fhir/ValueSet/123/_history/5"),
                    offered("uri :missing", "url:missing=true"),
                    offered("canonical, with its version and without", "_profile=http://example.org/profile/a|1.0")),
            new Section(
                    "Tokens",
                    "search.html#token",
                    offered("token, code", "gender=male;"),
                    offered("token, system|code", "gender=http://hl7.org/fhir/administrative-gender|male"),
                    offered("token, system|", "identifier=http://ids|;"),
                    offered("token, |code", "identifier=|bare"),
                    offered("token of an Identifier", "identifier=http://ids|B\\|2"),
                    offered("token of a Coding or CodeableConcept", "_tag=http://t|red"),
                    offered(
                            "token of a code, by the system of its value set",
                            "gender=http://hl7.org/fhir/administrative-gender|;"),
                    offered("token of a boolean", "active=http://hl7.org/fhir/ValueSet/special-values|true"),
                    offered("token of a ContactPoint", "telecom=email|e@x.fr"),
                    offered("token :not", "gender:not=male,female"),
                    offered("token :missing", "gender:missing=true"),
                    offered("token :of-type", "identifier:of-type=http://types|MR|A\\,1"),
                    offered("token :text, where the configuration asks for it", "code:text=coeur;"),
                    offered(
                            "token :text, by the labels of code systems",
                            "qualification-code:text=cardiologue; cardio"),
                    offered("token :in", "code:in=ValueSet/some"),
                    offered("token :not-in", "code:not-in=ValueSet/pets"),
                    offered("token :below", "code:below=http://example.org/animals|mammal"),
                    offered("token :above", "code:above=http://example.org/animals|lion"),
                    missing(
                            "token :text, where it does not",
                            "gender:text=x",
                            "400: it takes one more index for each parameter (`text`,"
                                    + " [search configuration](../search-configuration.md))"),
                    missing(
                            "token :in, :not-in, :above, :below without stored ValueSets and CodeSystems",
                            "gender:in=ValueSet/x",
                            "400, with the types that would have to be served: there is no terminology but what is stored here"),
                    missing(
                            "token, whatever its letter case",
                            "gender=MALE",
                            "finds nothing: letter case counts for all systems. R4 would have it ignored where that is in doubt; but codes that"
                                    + " differ by it alone are two codes (UCUM's `mg` and `Mg`), an index has each value once, and"
                                    + " `:text` ignores it in what people read")),
            new Section(
                    "Quantities",
                    "search.html#quantity",
                    offered("quantity, number only", "5.40; mg mg2 g"),
                    offered("quantity, number|system|code", "5.4|http://unitsofmeasure.org|mg"),
                    offered("quantity, number||unit", "5.4||milligram"),
                    offered("quantity, comparator of the stored value", "lt60||a\\|b"),
                    offered("quantity eq", "5.4|http://unitsofmeasure.org|;"),
                    offered("quantity ne", "ne6||mg"),
                    offered("quantity gt", "gt60"),
                    offered("quantity lt", "lt60;"),
                    offered("quantity ge", "ge60"),
                    offered("quantity le", "le60"),
                    offered("quantity sa", "sa59.9"),
                    offered("quantity eb", "eb60"),
                    offered("quantity ap", "ap1000"),
                    offered("quantity :missing", "value-quantity:missing=true"),
                    missing(
                            "quantity, units converted",
                            "0.0054|http://unitsofmeasure.org|g",
                            "compares units as they are written: R4 leaves conversion to the server, and values of two units"
                                    + " would share an index only where every unit is known")),
            new Section(
                    "References",
                    "search.html#reference",
                    offered("reference, id", "organization=o1;"),
                    offered("reference, type/id", "organization=Organization/o1;"),
                    offered(
                            "reference, absolute URL, of this server too",
                            "organization=http://me.example/fhir/Organization/o1"),
                    offered("reference, urn:uuid", "subject=urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"),
                    offered("reference, type/id/_history/version", "organization=Organization/o1/_history/7"),
                    offered("reference, canonical with its version", "depends-on=http://acme.org/Library/l|2.0"),
                    offered("reference :[type]", "general-practitioner:Organization=g1"),
                    offered("reference :identifier", "organization:identifier=http://finess|42"),
                    offered("reference :missing", "organization:missing=true"),
                    missing(
                            "reference, id alone that several types have",
                            "Observation?performer=both",
                            "finds references to all of them: R4 would have that refused, which takes a look at everything that"
                                    + " matches; `performer:Practitioner=both` and `performer=Practitioner/both` say which"),
                    missing(
                            "reference to one version only",
                            "general-practitioner=http://other.example/fhir/Practitioner/g2/_history/1",
                            "the version is not compared, which R4 allows"),
                    missing(
                            "reference :above, :below",
                            "organization:below=x",
                            "400: how deep a hierarchy of references is, no index tells; a chain asks for a given depth"
                                    + " (`organization.partof=x`)")),
            new Section(
                    "Composites and special parameters",
                    "search.html#composite",
                    offered("composite", "component-code-value-quantity=http://loinc.org|8480-6$gt100"),
                    offered("composite, parts of one element", "component-code-value-quantity=8480-6$lt100; ''"),
                    offered("composite, alternatives", "component-code-value-quantity=8480-6$lt100,8462-4$60"),
                    offered(
                            "composite, prefixes and escapes in its parts",
                            "code-value-quantity=a\\$b\\,c\\|d$72.5|http://unitsofmeasure.org|kg"),
                    offered("composite :missing", "code-value-quantity:missing=true"),
                    missing(
                            "special: near",
                            "near=1|2",
                            "400: needs an index of places on the globe, which the directory has no positions for")),
            new Section(
                    "Chains",
                    "search.html#chaining",
                    offered("chain", "organization.address-postalcode=75"),
                    offered("chain, type named", "organization:Organization.name=chu"),
                    offered("chain, any type that knows the parameter", "subject.device-name=malade"),
                    offered("chain over several references", "organization.partof.name=groupe"),
                    offered("chain, modifiers and prefixes at its end", "practitioner.communication:not=SM26"),
                    offered(
                            "chain, each wants one resource",
                            "general-practitioner.family=martin&general-practitioner.name=chu"),
                    offered("chain, by _id and other parameters of all types", "organization._id=paris"),
                    missing(
                            "chain over more than 10 references",
                            "partof.partof.partof.partof.partof.partof.partof.partof.partof.partof.partof.name=x",
                            "400: what nobody means, and what would take long"),
                    offered("chain over canonicals", "instantiates-canonical:PlanDefinition.title=walk;"),
                    missing(
                            "chain over canonicals of parameters of type uri",
                            "_profile.title=x",
                            "400, with the references that there are: R4 chains over parameters of type reference"),
                    missing(
                            "chain into a contained resource",
                            "PractitionerRole?organization.name=within",
                            "finds nothing: contained resources have no search fields of their own, so neither chains nor inclusions reach them")),
            new Section(
                    "Reverse chains",
                    "search.html#has",
                    offered("_has", "_has:PractitionerRole:practitioner:role=C2"),
                    offered(
                            "_has, several at once",
                            "_has:PractitionerRole:practitioner:role=C1,C2&_has:PractitionerRole:practitioner:role=C2"),
                    offered(
                            "_has within _has",
                            "_has:Organization:partof:_has:PractitionerRole:organization:practitioner.family=durand"),
                    offered(
                            "a chain within _has",
                            "_has:PractitionerRole:practitioner:organization.address-postalcode=75"),
                    offered("_has within a chain", "practitioner._has:Patient:general-practitioner:name=malade"),
                    offered("_has over canonicals", "_has:QuestionnaireResponse:questionnaire:status=completed;"),
                    offered("_has with a modifier or prefix", "_has:Patient:general-practitioner:birthdate=lt1980")),
            new Section(
                    "Parameters of all resources",
                    "search.html#all",
                    offered("_id", "_id=p1,p3,nobody"),
                    offered("_id :not", "_id:not=p1,p3"),
                    offered("_lastUpdated", "_lastUpdated=2024-03-02T10:00:00.500Z"),
                    offered("_lastUpdated, all prefixes", "_lastUpdated=sa2024-03-01T10:00:00Z"),
                    offered(
                            "_lastUpdated, to follow without missing anything",
                            "/fhir/Practitioner?_lastUpdated=ge2020-01-01&_count=1"),
                    offered("_tag", "_tag=red"),
                    offered("_profile", "_profile=http://example.org/profile/a;"),
                    offered("_profile :below", "_profile:below=http://example.org/profile/"),
                    offered("_security", "_security=http://s|;"),
                    offered("_source", "_source=http://source/1"),
                    offered("_language", "_language=fr"),
                    missing(
                            "_text",
                            "_text=x",
                            "400: narratives are not indexed; in the directory they say what elements say as well"),
                    missing(
                            "_content",
                            "_content=x",
                            "400: all texts of all resources would be an index larger than the rest"),
                    offered("_list", "_list=l1;"),
                    missing(
                            "_list where lists are not served",
                            "_list=x",
                            "400, with the type that would have to be served: to be in a list is that one refers here as item"),
                    missing(
                            "_list, those that go by a name",
                            "_list=$current-problems;",
                            "400: what is current is for each patient to say, and no list of this server is called so"),
                    missing(
                            "_filter",
                            "_filter=x",
                            "400: R4 has it as a trial, and what it can say chains and `_has` say"),
                    missing("_query", "_query=x", "400: there are no named queries")),
            new Section(
                    "Included resources",
                    "search.html#include",
                    offered("_include", "PractitionerRole?_id=r4&_include=PractitionerRole:practitioner;"),
                    offered(
                            "_include, target type",
                            "PractitionerRole?_id=r4&_include=PractitionerRole:practitioner:Practitioner"),
                    offered("_include, all references: *", "PractitionerRole?_id=r4&_include=*;"),
                    offered(
                            "_include, several",
                            "_include=PractitionerRole:practitioner&_include:iterate=Organization:partof:Organization"),
                    offered("_include:iterate, and :recurse", "_include:iterate=PractitionerRole:organization"),
                    offered("_revinclude", "Practitioner?_id=p3&_revinclude=PractitionerRole:practitioner;"),
                    offered("_revinclude, whatever refers to it: *", "Practitioner?_id=p3&_revinclude=*"),
                    offered("_revinclude:iterate", "_revinclude:iterate=*"),
                    offered(
                            "included resources have a mode, stand once, and are not counted",
                            "PractitionerRole?organization=o1&_count=100&_include=PractitionerRole:organization"),
                    offered(
                            "included resources of several types",
                            "?_type=Encounter,Condition&_include=Encounter:patient&_count=1000"),
                    offered("_include and _revinclude over canonicals", "~keys(store.include("),
                    missing(
                            "_include of one version",
                            "Observation?_id=old&_include=Observation:performer",
                            "brings the current version, whichever one the reference names, and nothing where that is a"
                                    + " deletion: R4 leaves it to the server, and a bundle has each resource once"),
                    offered(
                            "more than may be included is said",
                            "_revinclude=PractitionerRole:organization&_revinclude:iterate=*")),
            new Section(
                    "Sorting",
                    "search.html#sort",
                    offered("_sort", "_sort=-family&_count=3"),
                    offered("_sort by several, up and down", "_sort=family,-given,-_lastUpdated,family"),
                    offered("_sort by _id and _lastUpdated", "~\"_lastUpdated\", \"lastUpdated\""),
                    offered("_sort, what lacks the value comes last", "~Comparator.nullsLast(values)"),
                    offered("_sort without an index", "~sorts_byEveryParameter_areInItsOrder"),
                    missing(
                            "_sort without an index, of more than 10,000",
                            "~select_sortedWithoutAnIndex_isForFew",
                            "400, with what is allowed: everything that matches is read for each page, and each index costs every write"),
                    offered(
                            "_sort over several types",
                            "?_type=Practitioner,Observation,Organization&_sort=-_lastUpdated,_id"),
                    missing(
                            "_sort over several types by what some lack",
                            "?_type=Patient,Encounter&_sort=gender",
                            "400, with what is allowed: `_id` and `_lastUpdated`")),
            new Section(
                    "Pages and totals",
                    "search.html#count",
                    offered("_count", "_count=50000&gender=male"),
                    offered("_count=0: the total only", "/fhir/Organization?_count=0"),
                    offered("_total=none", "?_count=20&_total=none"),
                    offered("_total=estimate", "?_count=10&_total=estimate&active=true"),
                    offered("_total=accurate", "?_count=20&_total=accurate"),
                    offered("self shows what was applied", "?active=true&_id=p1&_elements=name"),
                    offered("first, previous and next", "~link(page, \"previous\")"),
                    offered(
                            "first, previous and next of several types",
                            "/Patient/p1/$everything?_type=Observation,Condition"),
                    offered("all pages show the store as at the first", "~\" as at \" + asOf"),
                    offered("what was ignored is an outcome in the bundle", "~Bundle.SearchEntryMode.OUTCOME"),
                    missing(
                            "last",
                            "~getLink(\"last\")",
                            "not given: it would have to be counted where it is; backwards a walk begins with `_sort=-…`"),
                    missing(
                            "search.score",
                            "~hasScore()",
                            "not given: what matches matches, and nothing matches better")),
            new Section(
                    "Parts of resources",
                    "search.html#summary",
                    offered("_summary=true", "_summary=true  "),
                    offered("_summary=text", "_summary=text  "),
                    offered("_summary=data", "_summary=data  "),
                    offered("_summary=count", "_summary=count&_count=2"),
                    offered("_summary=false", "_summary=false  "),
                    offered("_elements", "_elements=name,birthDate"),
                    offered(
                            "_elements, what is mandatory or a modifier stays",
                            "~Shape.elements(Set.of(\"birthDate\", \"multipleBirth\")), PATIENT"),
                    offered("parts are tagged SUBSETTED, and refused as updates", "~Practitioner.meta.tag"),
                    missing(
                            "_contained, _containedType",
                            "_contained=true",
                            "400: contained resources are not searched; the directory has none. `_contained=false`, the default, is taken")),
            new Section(
                    "What the server says of itself",
                    "http.html#capabilities",
                    offered(
                            "every advertised parameter and modifier works",
                            "~assertThat(differences).as(\"seed %d, %d queries\", seed, asked).isEmpty()"),
                    offered(
                            "what is not advertised is refused",
                            "/Practitioner?qualification-code:in=http://example.org/vs"),
                    offered(
                            "every parameter of R4 is known",
                            "~assertThat(total).isEqualTo(1_697 - withinBundles + common * all.size())"),
                    offered("every type is stored and indexed", "~isEqualTo(new Total(ids.size(), true))")),
            new Section(
                    "Beside the page of the specification",
                    "search.html",
                    offered("long queries, short links", "_count=1&family=Lef%C3%A9vre,"),
                    offered("$everything of patients, practitioners, organizations", "/Practitioner/rich/$everything"),
                    offered("__explain", "Practitioner?_sort=-family&_count=3"),
                    offered("bounds of a query", "~1001 values"),
                    offered("what takes too long is refused: 503", "/fhir/Practitioner?name:contains=zq"),
                    offered("parameters that are stored as SearchParameter", "~/fhir/SearchParameter/handle"),
                    offered("a parameter that is not ready for what is stored is refused: 503", "name:missing=true")));
}
