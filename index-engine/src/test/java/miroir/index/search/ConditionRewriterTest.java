package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import miroir.index.SearchParameterRegistry;
import miroir.index.registry.RegistryLoader;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;

class ConditionRewriterTest {
    private static final SearchParameterRegistry REGISTRY =
            RegistryLoader.load(Set.of("Patient", "Provenance", "ValueSet"), List.of());
    private static final SearchParser PARSER =
            new SearchParser(REGISTRY, ZoneId.of("Europe/Paris"), Set.of("http://me/fhir"));

    private static Condition where(String type, String query) {
        return PARSER.parse(type, QueryParameter.decode(query), Handling.STRICT, Instant.EPOCH)
                .where();
    }

    private static Condition.In in(String field, String... values) {
        return new Condition.In(
                field, Arrays.stream(values).<BsonValue>map(BsonString::new).toList());
    }

    @Test
    void rewrite_noParametersIsEverything() {
        assertThat(where("Patient", "")).isEqualTo(Condition.all());
        assertThat(where("Patient", "_count=5")).isEqualTo(Condition.all());
    }

    @Test
    void rewrite_codesAreOneLookUp() {
        assertThat(where("Patient", "gender=male,other,male")).isEqualTo(in("t_gender-value", "male", "other"));
    }

    @Test
    void rewrite_systemIsCheckedOnWhatTheCodeFound() {
        assertThat(where("Patient", "identifier=s%7C1"))
                .isEqualTo(new Condition.And(List.of(in("t_identifier-value", "1"), in("t_identifier-sysval", "s|1"))));
        assertThat(where("Patient", "identifier=%7C1"))
                .isEqualTo(new Condition.And(List.of(in("t_identifier-value", "1"), in("t_identifier-sysval", "|1"))));
    }

    @Test
    void rewrite_mixedTokensStayLedByCodes() {
        assertThat(where("Patient", "identifier=s%7C1,2,t%7C"))
                .isEqualTo(new Condition.Or(List.of(
                        in("t_identifier-system", "t"),
                        new Condition.And(List.of(
                                in("t_identifier-value", "1", "2"),
                                new Condition.Or(
                                        List.of(in("t_identifier-value", "2"), in("t_identifier-sysval", "s|1"))))))));
    }

    @Test
    void rewrite_notAndMissing() {
        assertThat(where("Patient", "gender:not=male,other"))
                .isEqualTo(new Condition.Not(in("t_gender-value", "male", "other")));
        assertThat(where("Patient", "gender:missing=true"))
                .isEqualTo(new Condition.Not(new Condition.Exists("t_gender-sysval")));
        assertThat(where("Patient", "family:missing=false")).isEqualTo(new Condition.Exists("t_family"));
        assertThat(where("Patient", "organization:missing=false"))
                .isEqualTo(new Condition.Exists("t_organization-reference"));
    }

    @Test
    void mainField_everySearchType_isTheOneThatExtractionAlwaysWrites() {
        assertThat(mainField("Patient", "gender")).isEqualTo("t_gender-sysval");
        assertThat(mainField("Patient", "organization")).isEqualTo("t_organization-reference");
        assertThat(mainField("Patient", "family")).isEqualTo("t_family");
        assertThat(mainField("ValueSet", "context-type-value")).isEqualTo("t_context-type-with-value-tuple");
    }

    private static String mainField(String type, String code) {
        return ConditionRewriter.mainField(Objects.requireNonNull(REGISTRY.find(type, code)));
    }

    @Test
    void rewrite_textsAreFolded() {
        assertThat(where("Patient", "family=L%C3%A9a")).isEqualTo(new Condition.Text("t_family", "lea", false));
        assertThat(where("Patient", "family:contains=%C5%92U")).isEqualTo(new Condition.Text("t_family", "oeu", true));
        assertThat(where("Patient", "family:exact=L%C3%A9a,Bo")).isEqualTo(in("t_family", "Léa", "Bo"));
        assertThat(where("Patient", "family=a,b"))
                .isEqualTo(new Condition.Or(List.of(
                        new Condition.Text("t_family", "a", false), new Condition.Text("t_family", "b", false))));
    }

    @Test
    void rewrite_idsOfReferencesNameEveryTarget() {
        assertThat(where("Patient", "general-practitioner=1"))
                .isEqualTo(in(
                        "t_general-practitioner-reference", "Practitioner/1", "Organization/1", "PractitionerRole/1"));
        assertThat(where("Patient", "organization=http://me/fhir/Organization/1,http://other/Organization/2"))
                .isEqualTo(in("t_organization-reference", "Organization/1", "http://other/Organization/2"));
        assertThat(where("Patient", "organization:identifier=s%7C1")).isEqualTo(in("t_organization-identifier", "s|1"));
    }

    @Test
    void rewrite_idOfAReferenceToAnything() {
        assertThat(where("Provenance", "target=1")).isEqualTo(in("t_target-id", "1"));
    }

    @Test
    void rewrite_parentsOfAUrlWithAndWithoutTheirSlash() {
        assertThat(where("ValueSet", "url:above=http://a.org/fhir/ValueSet/1"))
                .isEqualTo(in(
                        "t_url",
                        "http://a.org/fhir/ValueSet/1",
                        "http://a.org/fhir/ValueSet/",
                        "http://a.org/fhir/ValueSet",
                        "http://a.org/fhir/",
                        "http://a.org/fhir",
                        "http://a.org/",
                        "http://a.org"));
        assertThat(where("ValueSet", "url:below=http://a.org/fhir"))
                .isEqualTo(new Condition.StartsWith("t_url", "http://a.org/fhir"));
    }

    @Test
    void rewrite_idsAreOneLookUp() {
        assertThat(where("Patient", "_id=a,b&gender=male"))
                .isEqualTo(new Condition.And(List.of(in("_id", "a", "b"), in("t_gender-value", "male"))));
        assertThat(where("Patient", "_id:missing=true,false"))
                .isEqualTo(new Condition.Or(List.of(Condition.none(), Condition.all())));
    }
}
