package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.generated.Proves;
import miroir.index.registry.ConfigurationText;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON in, query in, ids out: reading, extraction, parsing and evaluation agree on what every form means. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchEndToEndTest {
    private final SearchedStore store = new SearchedStore("Patient", "Observation", "ValueSet", "PlanDefinition");

    @BeforeAll
    void fill() {
        put("Patient", "p1", """
                {"resourceType":"Patient","id":"p1","active":true,"gender":"male","birthDate":"1980-05-17","language":"fr",
                 "meta":{"profile":["http://example.org/profile/a|1.0"],"tag":[{"system":"http://t","code":"red"}],
                   "security":[{"system":"http://s","code":"R"}],"source":"http://source/1"},
                 "identifier":[{"system":"http://ids","value":"A,1","type":{"coding":[{"system":"http://types","code":"MR"}]}},
                   {"value":"bare"}],
                 "name":[{"family":"L’Hôte","given":["Élodie","Anne-Marie"]},{"text":"Madame Œuvrard"}],
                 "telecom":[{"system":"email","value":"e@x.fr"},{"system":"phone","value":"0102"}],
                 "managingOrganization":{"reference":"Organization/o1"},
                 "generalPractitioner":[{"reference":"http://me.example/fhir/Practitioner/g1"},
                   {"reference":"http://other.example/fhir/Practitioner/g2/_history/2"}]}""");
        put("Patient", "p2", """
                {"resourceType":"Patient","id":"p2","active":false,"gender":"female","birthDate":"1980-05",
                 "meta":{"profile":["http://example.org/profile/b"]},
                 "identifier":[{"system":"http://ids","value":"B|2"}],"name":[{"family":"Lhote","given":["Marie"]}],
                 "managingOrganization":{"identifier":{"system":"http://finess","value":"42"}},
                 "generalPractitioner":[{"reference":"Organization/g1/_history/3"}]}""");
        put("Patient", "p3", """
                {"resourceType":"Patient","id":"p3","birthDate":"1980",
                 "generalPractitioner":[{"identifier":{"value":"42"}}],"name":[{"family":"de la Tour"}]}""");
        put("Patient", "p4", """
                {"resourceType":"Patient","id":"p4","deceasedBoolean":false,"gender":"other",
                 "identifier":[{"system":"http://other","value":"A,1"}]}""");
        put("Observation", "o1", observation("o1", "\"effectiveDateTime\":\"2024-02-29T10:30:00+01:00\""));
        put("Observation", "o2", observation("o2", "\"effectiveDateTime\":\"2024-02-29\""));
        put(
                "Observation",
                "o3",
                observation("o3", "\"effectivePeriod\":{\"start\":\"2024-02-01\",\"end\":\"2024-03-31\"}"));
        put("Observation", "o4", observation("o4", "\"effectivePeriod\":{\"start\":\"2024-03-01\"}"));
        put("Observation", "o5", observation("o5", "\"effectivePeriod\":{\"end\":\"2023-12-31\"}"));
        put("ValueSet", "v1", valueSet("v1", "http://acme.org/fhir/ValueSet/123"));
        put("ValueSet", "v2", valueSet("v2", "http://acme.org/fhir").replace("}", ",\"version\":\"2.1\"}"));
        put("ValueSet", "v3", valueSet("v3", "urn:oid:1.2.3"));
        put("PlanDefinition", "d1", """
                {"resourceType":"PlanDefinition","id":"d1","status":"draft","library":["http://acme.org/Library/l|2.0","http://acme.org/fhir"]}""");
        store.writesAt(Instant.parse("2024-03-02T10:00:00.500Z"));
        put("PlanDefinition", "d2", """
                {"resourceType":"PlanDefinition","id":"d2","status":"draft","library":["http://acme.org/Library/l"]}""");
    }

    // Tokens.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "gender=male; p1",
                "gender=male,other; p1 p4",
                "gender=http://hl7.org/fhir/administrative-gender%7Cmale; p1",
                "gender=http://hl7.org/fhir/administrative-gender%7C; p1 p2 p4",
                "gender:not=http://hl7.org/fhir/administrative-gender%7Cmale; p2 p3 p4",
                "gender=http://other%7Cmale; ''",
                "gender=%7Cmale; p1",
                "_language=%7Cfr; p1",
                "gender=male&gender=other; ''",
                "gender=MALE; ''",
                "gender:not=male; p2 p3 p4",
                "gender:not=male,female; p3 p4",
                "gender:not=male&gender:not=female; p3 p4",
                "gender:missing=true; p3",
                "gender:missing=false; p1 p2 p4",
                "gender:missing=true,false; p1 p2 p3 p4",
                "active=true; p1",
                "active=false; p2",
                "active=http://hl7.org/fhir/ValueSet/special-values%7Ctrue; p1",
                "active:missing=true; p3 p4",
                "active:not=true; p2 p3 p4",
                "identifier=A\\,1; p1 p4",
                "identifier=A,1; ''",
                "identifier=http://ids%7CA\\,1; p1",
                "identifier=http://ids%7C; p1 p2",
                "identifier=http://ids%7CB\\%7C2; p2",
                "identifier=%7Cbare; p1",
                "identifier=%7CA\\,1; ''",
                "identifier=bare,http://other%7C,http://ids%7CB\\%7C2; p1 p2 p4",
                "identifier:not=http://ids%7C; p3 p4",
                "identifier:of-type=http://types%7CMR%7CA\\,1; p1",
                "identifier:of-type=http://types%7CXX%7CA\\,1; ''",
                "email=e@x.fr; p1",
                "telecom=email%7Ce@x.fr; p1",
                "telecom=0102; p1",
                "phone=e@x.fr; ''",
                "_tag=red; p1",
                "_tag=http://t%7Cred; p1",
                "_tag:missing=true; p2 p3 p4",
                "_security=http://s%7C; p1",
                "_language=fr; p1",
                "_id=p1,p3,nobody; p1 p3",
                "_id:not=p1,p3; p2 p4",
            })
    @Proves({
        "alternatives by comma",
        "repetition means all of them",
        "escapes of , | $ \\",
        "token, code",
        "token, system|code",
        "token, system|",
        "token, |code",
        "token of an Identifier",
        "token of a Coding or CodeableConcept",
        "token of a code, by the system of its value set",
        "token of a boolean",
        "token of a ContactPoint",
        "token :not",
        "token :missing",
        "token :of-type",
        "token, whatever its letter case",
        "_id",
        "_id :not",
        "_tag",
        "_security",
        "_language"
    })
    void search_token_findsThese(String query, String expected) {
        assertFound("Patient", query, expected);
    }

    // Texts of tokens, where the configuration asks for them.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "code:text=coeur; battement",
                "code:text=RYTHME; battement pouls",
                "code:text=battant; ''",
                "code:text=coeur,pouls; battement pouls",
                "code:text:missing=true; refused",
            })
    @Proves("token :text, where the configuration asks for it")
    void search_tokenText_findsThese(String query, String expected) {
        SearchedStore texts = new SearchedStore(Set.of("Observation"), TEXTS);
        texts.put("Observation", "battement", observation("battement", "\"valueInteger\":1", """
                {"text":"Cœur battant","coding":[{"code":"1","display":"Rythme du cœur"}]}"""));
        texts.put("Observation", "pouls", observation("pouls", "\"valueInteger\":2", """
                {"coding":[{"code":"2","display":"Pouls"},{"code":"3","display":"rythme"}]}"""));
        if (expected.equals("refused")) {
            assertThatThrownBy(() -> texts.find("Observation", query)).isInstanceOf(Refusal.class);
        } else {
            assertThat(texts.find("Observation", query)).isEqualTo(words(expected));
        }
    }

    private static final List<ConfigurationText> TEXTS = List.of(new ConfigurationText("texts.yaml", """
            resources:
              - name: Observation
                searchParams:
                  - {name: code, searchType: token, resourcePaths: [code], text: true}
            """));

    // Strings.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "family=l'hote; p1",
                "family=L%E2%80%99H%C3%94TE; p1",
                "family=L; p1 p2",
                "family=ote; ''",
                "family:contains=ote; p1 p2",
                "family:contains=HOTE; p1 p2",
                "family:exact=Lhote; p2",
                "family:exact=lhote; ''",
                "family:exact=L%E2%80%99H%C3%B4te; p1",
                "family=de%20la; p3",
                "family=de%20%20LA%20tour; p3",
                "family=lhote,de; p2 p3",
                "family:missing=true; p4",
                "given=anne%E2%80%90marie; p1",
                "given=anne%20marie; p1",
                "given=ANNE-MARIE; p1",
                "given=anne.marie; ''",
                "given=marie; p2",
                "name=madame%20%20oeuv; p1",
                "given:contains=marie; p1 p2",
                "given=marie&family=lhote; p2",
                "name=oeuvrard; ''",
                "name=madame%20oeuv; p1",
                "name:contains=oeuvrard; p1",
                "name=%C3%A9lodie; p1",
                "name:missing=false; p1 p2 p3",
                "phonetic=lhote; p2",
                "phonetic=lhotte; ''",
            })
    @Proves({
        "string, beginning of a text",
        "string, accents and letter case aside",
        "string, parts of names and addresses",
        "string :exact",
        "string :contains",
        "string :missing",
        "string, spaces are one space",
        "string, hyphens are spaces",
        "string, punctuation aside",
        "phonetic, by sound"
    })
    void search_string_findsThese(String query, String expected) {
        assertFound("Patient", query, expected);
    }

    // References.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "organization=o1; p1",
                "organization=Organization/o1; p1",
                "organization=Organization/o1/_history/7; p1",
                "organization=http://me.example/fhir/Organization/o1; p1",
                "organization=http://other.example/fhir/Organization/o1; ''",
                "organization:Organization=o1; p1",
                "organization:identifier=http://finess%7C42; p2",
                "organization:identifier=http://finess%7C43; ''",
                "organization:identifier=42; p2",
                "organization:identifier=43; ''",
                "organization:identifier=http://finess%7C; p2",
                "organization:identifier=http://other%7C; ''",
                "organization:identifier=%7C42; ''",
                "general-practitioner:identifier=%7C42; p3",
                "general-practitioner:identifier=42; p3",
                "organization:missing=true; p3 p4",
                "general-practitioner=g1; p1 p2",
                "general-practitioner=g2; ''",
                "general-practitioner=Practitioner/g1; p1",
                "general-practitioner:Organization=g1; p2",
                "general-practitioner=http://other.example/fhir/Practitioner/g2; p1",
                "general-practitioner=http://other.example/fhir/Practitioner/g2/_history/2; p1",
                "general-practitioner=http://other.example/fhir/Practitioner/g2/_history/1; p1",
                "general-practitioner=Practitioner/g1,Organization/g1; p1 p2",
            })
    @Proves({
        "reference, id",
        "reference, type/id",
        "reference, absolute URL, of this server too",
        "reference, type/id/_history/version",
        "reference :[type]",
        "reference :identifier",
        "reference :missing",
        "reference to one version only"
    })
    void search_reference_findsThese(String query, String expected) {
        assertFound("Patient", query, expected);
    }

    // Dates of days, months and years.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "birthdate=1980-05-17; p1",
                "birthdate=1980-05; p1 p2",
                "birthdate=1980; p1 p2 p3",
                "birthdate=ne1980-05; p3",
                "birthdate=gt1980-05-17; p2 p3",
                "birthdate=lt1980-05-17; p2 p3",
                "birthdate=ge1980-05; p1 p2 p3",
                "birthdate=ge1980-06; p3",
                "birthdate=sa1980-05-16; p1",
                "birthdate=eb1980-06; p1 p2",
                "birthdate=ap1980-05-17; p1 p2 p3",
                "birthdate=ap1930; ''",
                "birthdate=ge1980-05-17&birthdate=le1980-05-17; p1 p2 p3",
                "birthdate=1980-05-17,1980-05-18; p1",
                "birthdate:missing=true; p4",
                "birthdate:missing=false; p1 p2 p3",
            })
    @Proves({"date, year to day", "date, from and to", "date :missing"})
    void search_birthdate_findsThese(String query, String expected) {
        assertFound("Patient", query, expected);
    }

    // Instants, zones and periods with and without ends.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "date=2024-02-29; o1 o2",
                "date=2024-02-29T09:30Z; o1",
                "date=2024-02-29T10:30:00%2B01:00; o1",
                "date=2024-02-29T10:30; o1",
                "date=2024-02; o1 o2",
                "date=2024; o1 o2 o3",
                "date=gt2024-02-29; o3 o4",
                "date=ge2024-02-29; o1 o2 o3 o4",
                "date=lt2024-02-29; o3 o5",
                "date=le2024-02-29; o1 o2 o3 o5",
                "date=sa2024-02-29; o4",
                "date=eb2024-02-29; o5",
                "date=ap2024-02-29; o1 o2 o3 o4",
                "date=ne2024-02-29; o3 o4 o5",
                "date=gt2030; o4",
                "date=lt1900; o5",
            })
    @Proves({
        "date, minute to second",
        "date with a zone",
        "date without a zone",
        "date of a Period, open ends too",
        "date eq",
        "date ne",
        "date gt",
        "date lt",
        "date ge",
        "date le",
        "date sa",
        "date eb",
        "date ap"
    })
    void search_date_findsThese(String query, String expected) {
        assertFound("Observation", query, expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "date=1990; both",
                "date=1990-02; ''",
                "date=sa1990-02-28; both open",
                "date=eb1990-04-01; both",
                "date=gt1990-03-30; both open",
                "date=gt1990-03-31; open",
                "date=ge2020; open",
            })
    @Proves("date of a Timing: its outer limits")
    void search_dateOfATiming_isFromItsFirstEventToItsLast(String query, String expected) {
        SearchedStore timings = new SearchedStore("Observation");
        timings.put("Observation", "both", observation("both", """
                "effectiveTiming":{"event":["1990-03-31","1990-03-01"],"repeat":{"frequency":2}}"""));
        timings.put("Observation", "open", observation("open", """
                "effectiveTiming":{"repeat":{"boundsPeriod":{"start":"2001-01-01"}}}"""));

        assertThat(timings.find("Observation", query)).isEqualTo(words(expected));
    }

    // The day of 23 hours, the day of 25, and what lies around them, whatever zone it is written in.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2026-03-29; s1 s2 s3",
                "ne2026-03-29; s0 s4 a1 a2 a3 a4 a5 later",
                "lt2026-03-29; s0",
                "sa2026-03-29; s4 a1 a2 a3 a4 a5 later",
                "2026-03-29T02:30; s3",
                "2026-03-29T03:30; s3",
                "ge2026-03-29T01:59:59%2B01:00&le2026-03-29T03:00:00%2B02:00; s1 s2",
                "2026-10-25; a1 a2 a3 a4",
                "2026-10-25T02:30; a2 a3",
                "2026-10-25T02:30:00%2B02:00; a2",
                "2026-10-25T02:30:00%2B01:00; a3",
                "2026-10-25T00:30:00Z; a2",
                "2026-10-24T10:30:00-14:00; a2",
                "gt2026-10-25T02:30&lt2026-10-26; a4",
                "sa2026-10-25; a5 later",
                "eb2026-10-25; s0 s1 s2 s3 s4",
                "2026-10-25T24:00; refused",
                "2026-10-26T00:00; a5",
                "2027; later",
                "ne2027; s0 s1 s2 s3 s4 a1 a2 a3 a4 a5",
            })
    @Proves("date, day when the clock changes")
    void search_dayWhenTheClockChanges_findsThese(String values, String expected) {
        SearchedStore days = daysOfClockChanges();
        String query = "date=" + values.replace("&", "&date=");
        if (expected.equals("refused")) {
            assertThatThrownBy(() -> days.find("Encounter", query)).isInstanceOf(Refusal.class);
        } else {
            assertThat(days.find("Encounter", query)).isEqualTo(words(expected));
        }
    }

    private static SearchedStore daysOfClockChanges() {
        SearchedStore days = new SearchedStore("Encounter");
        List.of(
                        "s0 2026-03-28T22:59:59Z",
                        "s1 2026-03-29T00:59:59Z",
                        "s2 2026-03-29T01:00:00Z",
                        "s3 2026-03-29T01:30:00Z",
                        "s4 2026-03-30T00:00:00+02:00",
                        "a1 2026-10-25T00:00:00+02:00",
                        "a2 2026-10-25T02:30:00+02:00",
                        "a3 2026-10-25T02:30:00+01:00",
                        "a4 2026-10-25T23:59:59+01:00",
                        "a5 2026-10-26T00:00:00+01:00")
                .forEach(each -> days.put(
                        "Encounter", each.substring(0, 2), encounter(each.substring(0, 2), each.substring(3))));
        days.put("Encounter", "later", encounter("later", "2027-01-01T00:00:00Z"));
        return days;
    }

    private static String encounter(String id, String instant) {
        return """
                {"resourceType":"Encounter","id":"%s","status":"planned","class":{"code":"AMB"},"period":{"start":"%s","end":"%s"}}""".formatted(id, instant, instant);
    }

    // Uris and canonicals.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ValueSet; url=http://acme.org/fhir; v2",
                "ValueSet; url=http://acme.org/fhir/ValueSet/123,urn:oid:1.2.3; v1 v3",
                "ValueSet; url=http://acme.org/fhir%7C2.1; v2",
                "ValueSet; url=http://acme.org/fhir%7C2.2; ''",
                "ValueSet; url=http://acme.org/fhir/ValueSet/123%7C2.1; ''",
                "ValueSet; url=HTTP://ACME.ORG/fhir; ''",
                "ValueSet; url:below=http://acme.org/fhir; v1 v2",
                "ValueSet; url:above=http://acme.org/fhir/ValueSet/123/_history/5; v1 v2",
                "ValueSet; url:above=http://acme.org/fhir/; v2",
                "ValueSet; url:missing=true; ''",
                "Patient; _profile=http://example.org/profile/a; p1",
                "Patient; _profile=http://example.org/profile/a%7C1.0; p1",
                "Patient; _profile=http://example.org/profile/a%7C2.0; ''",
                "Patient; _profile:below=http://example.org/profile/; p1 p2",
                "Patient; _profile:missing=true; p3 p4",
                "Patient; _source=http://source/1; p1",
                "PlanDefinition; depends-on=http://acme.org/Library/l; d1 d2",
                "PlanDefinition; depends-on=http://acme.org/Library/l%7C2.0; d1",
                "PlanDefinition; depends-on=http://acme.org/fhir; d1",
            })
    @Proves({
        "uri, equality, letter case counts",
        "uri :below",
        "uri :above",
        "uri :missing",
        "canonical, with its version and without",
        "_profile",
        "_profile :below",
        "_source",
        "reference, canonical with its version"
    })
    void search_uri_findsThese(String type, String query, String expected) {
        assertFound(type, query, expected);
    }

    // When a version was written.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "_lastUpdated=2024-03-01; d1",
                "_lastUpdated=2024-03-02T11:00:00; d2",
                "_lastUpdated=2024-03-02T10:00:00.500Z; d2",
                "_lastUpdated=2024-03; d1 d2",
                "_lastUpdated=ne2024-03-01; d2",
                "_lastUpdated=gt2024-03-01; d2",
                "_lastUpdated=ge2024-03-01&_lastUpdated=lt2024-03-02; d1",
                "_lastUpdated=le2024-03-01; d1",
                "_lastUpdated=sa2024-03-01T10:00:00Z; d2",
                "_lastUpdated=eb2024-03-02; d1",
                "_lastUpdated=ap2024-03-02; d1 d2",
                "_lastUpdated:missing=true; ''",
                "_lastUpdated:missing=false; d1 d2",
            })
    @Proves({"_lastUpdated", "_lastUpdated, all prefixes"})
    void search_lastUpdated_findsThese(String query, String expected) {
        assertFound("PlanDefinition", query, expected);
    }

    private void assertFound(String type, String query, String expected) {
        assertThat(store.find(type, query)).as("%s?%s", type, query).isEqualTo(words(expected));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    private void put(String type, String id, String json) {
        store.put(type, id, json);
    }

    private static String observation(String id, String effective) {
        return observation(id, effective, "{\"text\":\"x\"}");
    }

    private static String observation(String id, String more, String code) {
        return "{\"resourceType\":\"Observation\",\"id\":\"" + id + "\",\"status\":\"final\",\"code\":" + code + ","
                + more + "}";
    }

    private static String valueSet(String id, String url) {
        return "{\"resourceType\":\"ValueSet\",\"id\":\"" + id + "\",\"status\":\"draft\",\"url\":\"" + url + "\"}";
    }
}
