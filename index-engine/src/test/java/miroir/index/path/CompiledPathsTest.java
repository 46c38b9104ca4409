package miroir.index.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CompiledPathsTest {
    private static final String PATIENT = """
            {"resourceType":"Patient","id":"p1",
             "contained":[{"resourceType":"Practitioner","id":"c","name":[{"family":"Contained"}]}],
             "extension":[{"url":"http://a","valueCode":"x"},{"url":"http://b","valueString":"y","_valueString":{"id":"z"}}],
             "_birthDate":{"extension":[{"url":"http://t","valueDateTime":"1970-01-01T10:00:00Z"}]},
             "birthDate":"1970-01-01",
             "active":true,
             "multipleBirthInteger":2,
             "name":[{"use":"official","family":"Curie","given":["Marie",null,"Salomea"],
                      "_given":[null,{"extension":[{"url":"http://g","valueString":"unknown"}]},null]},
                     {"use":"maiden","family":"Skłodowska"}],
             "address":[{"line":["1 rue A","2 rue B"],
                "_line":[{"extension":[{"url":"http://n","valueString":"1"}]},{"extension":[{"url":"http://n","valueString":"2"}]}]}],
             "telecom":[{"system":"email","value":"a@b"},{"system":"phone","value":"33"},{"value":"?"}],
             "generalPractitioner":[{"reference":"#c"},{"reference":"Organization/7"},{"reference":"http://x/fhir/Practitioner/8/_history/2"},
                {"type":"Practitioner","identifier":{"value":"9"}},{"reference":"urn:uuid:1"}],
             "deceasedBoolean":false}
            """;

    @ParameterizedTest
    @MethodSource
    void select_table(String expression, String values) {
        assertThat(selected(expression)).isEqualTo(values);
    }

    static Stream<Arguments> select_table() {
        String table = """
                Patient.name.family → Curie,Skłodowska
                name.family → Curie,Skłodowska
                Patient.name.given → Marie,Salomea
                Resource.id → p1
                Practitioner.name | Patient.birthDate → 1970-01-01
                Patient.name.where(use='maiden').family → Skłodowska
                Patient.name.where(use = 'maiden' or use = 'official').family → Curie,Skłodowska
                Patient.name.where(family='Skłodowska').use → maiden
                Patient.name.where(given.exists()).family → Curie
                Patient.name.where(given.exists().not()).family → Skłodowska
                Patient.name.where(given.empty()).family → Skłodowska
                Patient.name.where(exists(family='Curie') and use!='maiden').family → Curie
                Patient.telecom.where(system='email').value → a@b
                Patient.telecom.where(system!='email').value → 33
                Patient.telecom.where((system='phone').not()).value → a@b
                Patient.telecom.where(system='phone' or value='?').value → 33,?
                Patient.extension('http://a').value → x
                Patient.extension('http://a').value.ofType(code) → x
                Patient.extension.where(url='http://b').value as string → y
                Patient.birthDate.extension('http://t').value → 1970-01-01T10:00:00Z
                Patient.name.given.extension('http://g').value → unknown
                Patient.address.line.extension('http://n').value → 1,2
                Patient.extension('http://b').value.ofType(string).id → z
                Patient.multipleBirth → 2
                Patient.multipleBirth.as(integer) → 2
                (Patient.multipleBirth as boolean) → nothing
                Patient.where(multipleBirth >= 2).id → p1
                Patient.where(multipleBirth > 2.0).id → nothing
                Patient.where(multipleBirth is integer).id → p1
                Patient.where(multipleBirth is boolean).id → nothing
                Patient.where(deceased = false).id → p1
                Patient.name[0].family → Curie
                Patient.name.first().family → Curie
                Patient.name[1].family → Skłodowska
                Patient.name[2].family → nothing
                Patient.contained.ofType(Practitioner).name.family → Contained
                Patient.contained.ofType(Patient).name.family → nothing
                Patient.contained.id → c
                Patient.generalPractitioner.where(resolve() is Practitioner).reference → #c,http://x/fhir/Practitioner/8/_history/2
                Patient.generalPractitioner.where(resolve() is Practitioner).identifier.value → 9
                Patient.generalPractitioner.where(resolve() is Organization).reference → Organization/7
                Patient.deceased.exists() and Patient.deceased != false → false
                Patient.gender != 'male' → nothing
                Patient.gender != 'male' or Patient.active = true → true
                Patient.gender != 'male' and Patient.active = false → false
                Patient.active.hasValue() → true
                Patient.gender.exists() → false
                Patient.birthDate.exists() → true
                Patient.maritalStatus.exists() → false
                """;
        return table.lines().map(line -> Arguments.of((Object[]) line.split(" → ")));
    }

    @Test
    void select_primitiveWithExtensionsOnly_existsWithoutValue() {
        String patient = """
                {"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://t","valueCode":"x"}]}}""";
        assertThat(selected("Patient.birthDate", patient)).isEqualTo("nothing");
        assertThat(selected("Patient.birthDate.extension('http://t').value", patient))
                .isEqualTo("x");
        assertThat(selected("Patient.birthDate.exists()", patient)).isEqualTo("true");
        assertThat(selected("Patient.birthDate.hasValue()", patient)).isEqualTo("false");
    }

    @Test
    void select_manyParameters_inOneWalk() {
        CompiledPaths paths = CompiledPaths.of(
                "Patient",
                List.of(
                        parameter("Patient", "Patient.name.family"),
                        parameter("Patient", "Patient.name"),
                        parameter("Patient", "Patient.active")));
        List<String> seen = new ArrayList<>();
        paths.select(JsonToBson.read(PATIENT), (capture, value) -> seen.add(capture.slot() + capture.dataType()));
        assertThat(seen).containsExactly("2boolean", "1HumanName", "0string", "1HumanName", "0string");
        assertThat(paths.isMany(0)).isTrue();
        assertThat(paths.isMany(2)).isFalse();
        assertThat(paths.dataTypes(1)).containsExactly("HumanName");
    }

    @Test
    void select_composite_givesItsComponents() {
        SearchParameter composite = new SearchParameter(
                "Observation",
                "x",
                SearchParameterType.COMPOSITE,
                "Observation | Observation.component",
                "x",
                false,
                false,
                "",
                "",
                List.of(),
                List.of(
                        new SearchParameter.Component("code", SearchParameterType.TOKEN, "code"),
                        new SearchParameter.Component("value", SearchParameterType.STRING, "value.as(string)"),
                        new SearchParameter.Component("id", SearchParameterType.STRING, "%resource.id")),
                "test");
        List<String> seen = new ArrayList<>();
        CompiledPaths.of("Observation", List.of(composite))
                .select(
                        JsonToBson.read("""
                                {"resourceType":"Observation","id":"o","code":{"text":"a"},"valueString":"A",
                                 "component":[{"code":{"text":"b"},"valueString":"B"},{"code":{"text":"c"}}]}"""),
                        (capture, value) -> Objects.requireNonNull(capture.components())
                                .select(
                                        value,
                                        (part, inner) -> seen.add(part.slot()
                                                + (inner.isDocument() ? inner.text("text") : inner.text()))));
        assertThat(seen).containsExactly("0a", "1A", "2o", "0b", "1B", "2o", "0c", "2o");
    }

    private static String selected(String expression) {
        return selected(expression, PATIENT);
    }

    private static String selected(String expression, String patient) {
        List<String> values = new ArrayList<>();
        CompiledPaths.of("Patient", List.of(parameter("Patient", expression)))
                .select(JsonToBson.read(patient), new Selection() {
                    @Override
                    public void select(Capture capture, RawValue value) {
                        values.add(value.text() != null ? value.text() : String.valueOf(value.number()));
                    }

                    @Override
                    public void select(Capture capture, boolean outcome) {
                        values.add(String.valueOf(outcome));
                    }
                });
        return values.isEmpty() ? "nothing" : String.join(",", values);
    }

    private static SearchParameter parameter(String type, String expression) {
        return new SearchParameter(
                type,
                "x",
                SearchParameterType.STRING,
                expression,
                "x",
                false,
                false,
                "",
                "",
                List.of(),
                List.of(),
                "test");
    }
}
