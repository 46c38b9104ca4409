package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.generated.Proves;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chains and {@code _has} from JSON to the ids that a query finds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinkedSearchTest {
    private final SearchedStore store = new SearchedStore(
            "Practitioner",
            "PractitionerRole",
            "Organization",
            "Patient",
            "Observation",
            "Device",
            "Questionnaire",
            "QuestionnaireResponse",
            "CarePlan",
            "PlanDefinition",
            "List");

    @BeforeAll
    void fill() {
        organization("group", "Groupe Est", "54000", "");
        organization("nancy", "CHU Nancy", "54000", ",\"partOf\":{\"reference\":\"Organization/group\"}");
        organization("paris", "Hôpital Paris", "75012", ",\"partOf\":{\"reference\":\"Organization/gone\"}");
        practitioner("anna", "Martin", "SM26");
        practitioner("bob", "Durand", "SM26");
        practitioner("carl", "Petit", "SM04");
        role("r1", "anna", "paris", "C1");
        role("r2", "anna", "nancy", "C2");
        role("r3", "bob", "nancy", "C1");
        role("r4", "carl", "paris", "C1");
        role("r5", "nobody", "paris", "C1");
        store.put("Patient", "p", """
                {"resourceType":"Patient","id":"p","name":[{"family":"Malade"}],"birthDate":"1970-01-01",
                 "generalPractitioner":[{"reference":"Practitioner/anna"},{"reference":"Organization/nancy"}]}""");
        store.put("Device", "d", """
                {"resourceType":"Device","id":"d","deviceName":[{"name":"Malade","type":"other"}]}""");
        observation("o1", "Patient/p");
        observation("o2", "Device/d");
        observation("o3", "Patient/unknown");
        questionnaire("q1", "Old", "\"version\":\"1\",\"url\":\"http://example.org/q\"");
        questionnaire("q2", "New", "\"version\":\"2\",\"url\":\"http://example.org/q\"");
        questionnaire("q3", "Other", "\"url\":\"urn:oid:1.2.3\"");
        questionnaire("q4", "Nameless", "\"version\":\"1\"");
        answers("a1", "http://example.org/q|1");
        answers("a2", "http://example.org/q|2");
        answers("any", "http://example.org/q");
        answers("a3", "http://example.org/q|3");
        answers("other", "urn:oid:1.2.3");
        answers("unversioned", "urn:oid:1.2.3|1");
        list("l1", "Practitioner/anna", "Organization/nancy", "Practitioner/carl", "Practitioner/gone");
        list("l2", "Practitioner/bob");
        store.put("PlanDefinition", "plan", """
                {"resourceType":"PlanDefinition","id":"plan","status":"active","url":"http://example.org/plan","title":"Walk"}""");
        store.put("CarePlan", "care", """
                {"resourceType":"CarePlan","id":"care","status":"active","intent":"plan","subject":{"reference":"Patient/p"},
                 "instantiatesCanonical":["http://example.org/other|1","http://example.org/plan"]}""");
    }

    private void questionnaire(String id, String title, String more) {
        store.put("Questionnaire", id, """
                {"resourceType":"Questionnaire","id":"%s","status":"active","title":"%s",%s}""".formatted(id, title, more));
    }

    private void list(String id, String... items) {
        store.put("List", id, """
                {"resourceType":"List","id":"%s","status":"current","mode":"working","entry":[%s]}""".formatted(
                        id,
                        Stream.of(items)
                                .map("{\"item\":{\"reference\":\"%s\"}}"::formatted)
                                .collect(Collectors.joining(","))));
    }

    private void answers(String id, String questionnaire) {
        store.put("QuestionnaireResponse", id, """
                {"resourceType":"QuestionnaireResponse","id":"%s","status":"completed","questionnaire":"%s",
                 "subject":{"reference":"Patient/p"}}""".formatted(id, questionnaire));
    }

    private void organization(String id, String name, String postalCode, String more) {
        store.put("Organization", id, """
                {"resourceType":"Organization","id":"%s","name":"%s","address":[{"postalCode":"%s"}]%s}""".formatted(id, name, postalCode, more));
    }

    private void practitioner(String id, String family, String code) {
        store.put("Practitioner", id, """
                {"resourceType":"Practitioner","id":"%s","name":[{"family":"%s"}],"communication":[{"coding":[{"code":"%s"}]}]}""".formatted(id, family, code));
    }

    private void role(String id, String practitioner, String organization, String code) {
        store.put("PractitionerRole", id, """
                {"resourceType":"PractitionerRole","id":"%s","practitioner":{"reference":"Practitioner/%s"},
                 "organization":{"reference":"Organization/%s"},"code":[{"coding":[{"code":"%s"}]}]}""".formatted(id, practitioner, organization, code));
    }

    private void observation(String id, String subject) {
        store.put("Observation", id, """
                {"resourceType":"Observation","id":"%s","status":"final","code":{"text":"x"},"subject":{"reference":"%s"}}""".formatted(id, subject));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PractitionerRole; organization.address-postalcode=75; r1 r4 r5",
                "PractitionerRole; organization.name:contains=PARIS; r1 r4 r5",
                "PractitionerRole; organization.name=hopital,chu; r1 r2 r3 r4 r5",
                "PractitionerRole; organization:Organization.name=chu&practitioner.family=martin; r2",
                "PractitionerRole; organization.partof.name=groupe; r2 r3",
                "PractitionerRole; organization.partof:missing=true; ''",
                "PractitionerRole; organization._id=paris; r1 r4 r5",
                "PractitionerRole; practitioner.communication:not=SM26; r4",
                "PractitionerRole; practitioner.family:missing=false; r1 r2 r3 r4",
                "Practitioner; _has:PractitionerRole:practitioner:role=C1; anna bob carl",
                "Practitioner; _has:PractitionerRole:practitioner:role=C2; anna",
                "Practitioner; _has:PractitionerRole:practitioner:role=C1,C2&_has:PractitionerRole:practitioner:role=C2; anna",
                "Practitioner; communication=SM26&_has:PractitionerRole:practitioner:organization.address-postalcode=75; anna",
                "Practitioner; _has:PractitionerRole:practitioner:organization.partof.name=groupe; anna bob",
                "Practitioner; _has:Patient:general-practitioner:birthdate=lt1980; anna",
                "Organization; _has:Patient:general-practitioner:name=malade; nancy",
                "Organization; _has:Organization:partof:_has:PractitionerRole:organization:practitioner.family=durand; group",
                "Organization; _has:PractitionerRole:organization:_id=r5; paris",
                "PractitionerRole; practitioner._has:Patient:general-practitioner:name=malade; r1 r2",
                "Patient; general-practitioner:Practitioner.family=martin; p",
                "Patient; general-practitioner:Organization.name=chu; p",
                "Patient; general-practitioner.name=chu; p",
                "Patient; general-practitioner.family=martin; p",
                "Patient; general-practitioner:Organization.name=martin; ''",
                "Patient; general-practitioner.family=martin&general-practitioner.name=chu; p",
                "Observation; subject:Patient.name=malade; o1",
                "Observation; subject.name=malade; o1",
                "Observation; subject.device-name=malade; o2",
                "Observation; subject.birthdate=1970; o1",
            })
    @Proves({
        "chain",
        "chain, type named",
        "chain, any type that knows the parameter",
        "chain over several references",
        "chain, modifiers and prefixes at its end",
        "chain, each wants one resource",
        "chain, by _id and other parameters of all types",
        "_has",
        "_has, several at once",
        "_has within _has",
        "a chain within _has",
        "_has within a chain",
        "_has with a modifier or prefix"
    })
    void find_byLinks(String type, String query, String ids) {
        assertThat(store.find(type, query)).isEqualTo(ids.isEmpty() ? List.of() : List.of(ids.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "QuestionnaireResponse; questionnaire.title=old; a1 any",
                "QuestionnaireResponse; questionnaire.title=new; a2 any",
                "QuestionnaireResponse; questionnaire.title=old&questionnaire.version=2; any",
                "QuestionnaireResponse; questionnaire:Questionnaire.version=1; a1 any",
                "QuestionnaireResponse; questionnaire._id=q3; other",
                "QuestionnaireResponse; questionnaire.title=nameless; ''",
                "QuestionnaireResponse; questionnaire.title=old&subject:Patient.name=malade; a1 any",
                "CarePlan; instantiates-canonical:PlanDefinition.title=walk; care",
                "CarePlan; instantiates-canonical:Questionnaire.title=old; ''",
                "Questionnaire; _has:QuestionnaireResponse:questionnaire:_id=a1; q1",
                "Questionnaire; _has:QuestionnaireResponse:questionnaire:_id=any; q1 q2",
                "Questionnaire; _has:QuestionnaireResponse:questionnaire:_id=a3,unversioned; ''",
                "Questionnaire; _has:QuestionnaireResponse:questionnaire:status=completed; q1 q2 q3",
            })
    @Proves({"chain over canonicals", "_has over canonicals"})
    void find_byCanonicals_findsWhatHasTheirUrlAndVersion(String type, String query, String ids) {
        assertThat(store.find(type, query)).isEqualTo(ids.isEmpty() ? List.of() : List.of(ids.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Practitioner; _list=l1; anna carl",
                "Organization; _list=l1; nancy",
                "Practitioner; _list=l2; bob",
                "Practitioner; _list=l1,l2; anna bob carl",
                "Practitioner; _list=l1&_list=l2; ''",
                "Practitioner; _list=l1&family=petit; carl",
                "Practitioner; _list=gone; ''",
                "Patient; _list=l1; ''",
                "PractitionerRole; practitioner._list=l2; r3",
            })
    @Proves("_list")
    void find_inAList_findsItsItems(String type, String query, String ids) {
        assertThat(store.find(type, query)).isEqualTo(ids.isEmpty() ? List.of() : List.of(ids.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PractitionerRole; organization.nam=x; did you mean \"name\"",
                "PractitionerRole; organisation.name=x; did you mean \"organization\"",
                "PractitionerRole; role.name=x; it is not a reference of PractitionerRole",
                "Patient; _profile.title=x; it is not a reference of Patient",
                "PractitionerRole; organization:Patient.name=x; organization cannot refer to Patient",
                "PractitionerRole; organization:Nothing.name=x; the type \"Nothing\" is not known here",
                "PractitionerRole; organization.=x; not known for Organization",
                "PractitionerRole; .name=x; leads nowhere",
                "PractitionerRole; organization.address-postalcode:bad=x; modifier :bad is not known",
                "PractitionerRole; service.name=x; refers to no type of this server",
                "Practitioner; _has=x; _has:[type]:[reference]:[parameter]",
                "Practitioner; _list=$current-problems; not an id",
                "Practitioner; _list:bad=l1; the modifier :bad is not known",
                "Practitioner; _has:PractitionerRole=x; _has:[type]:[reference]:[parameter]",
                "Practitioner; _has:PractitionerRole:practitioner:=x; _has:[type]:[reference]:[parameter]",
                "Practitioner; _has:PractitionerRole:organization:role=x; cannot refer to Practitioner",
                "Practitioner; _has:PractitionerRol:practitioner:role=x; did you mean \"PractitionerRole\"",
                "Patient; general-practitioner.nothing=x; not known for any type",
                "Observation; subject.birthdate=someday; someday",
                "Organization; partof.partof.partof.partof.partof.partof.partof.partof.partof.partof.partof.name=x; more than 10",
            })
    @Proves({
        "chain over more than 10 references",
        "chain over canonicals of parameters of type uri",
        "_list, those that go by a name"
    })
    void find_byLinksThatLeadNowhere_isRefused(String type, String query, String reason) {
        assertThatThrownBy(() -> store.find(type, query))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason())
                                .isEqualTo(
                                        reason.contains("modifier")
                                                ? Refusal.Reason.NOT_UNDERSTOOD
                                                : Refusal.Reason.INVALID))
                .hasMessageContaining(reason);
    }
}
