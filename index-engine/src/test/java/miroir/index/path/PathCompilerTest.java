package miroir.index.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PathCompilerTest {
    @ParameterizedTest
    @MethodSource
    void check_whatIsNotUnderstood_saysWhereAndWhy(String expression, String at, String reason) {
        assertThat(PathCompiler.check("Patient", expression))
                .startsWith("at character " + at + " of \"" + expression + "\": ")
                .contains(reason);
    }

    static Stream<Arguments> check_whatIsNotUnderstood_saysWhereAndWhy() {
        String table = """
                Patient.nome → 9 → nome is not an element of Patient; allowed are active, address,
                Patient.name.family.x → 21 → x is not an element of string; id and extension are
                Patient.deceasedBoolean → 9 → deceasedBoolean is a form of deceased: write deceased.ofType(boolean)
                Practitioner.name → 14 → this selects nothing of a Patient
                Patience.name → 1 → Patience is not a type of FHIR R4
                Patient.name.given.trim() → 20 → the function trim() is not understood; allowed are where,
                Patient.name.where(family='x' → 30 → ) is expected instead of the end
                Patient.name.where(family) → 20 → a condition is expected
                Patient.name where → 14 → "where" is not understood here
                Patient. → 9 → the end is not understood here
                Patient.name.where(family = 'x).given → 29 → the closing ' is missing
                Patient.name.where(family = given) → 29 → only a literal can be compared with
                Patient.name.where(family < 'x') → 29 → < is understood with numbers only; use = or !=
                Patient.deceased as Booleen → 18 → Booleen is not a type of FHIR R4
                Patient.name.where($index = 1) → 20 → $index is not understood; $this and %resource are
                Patient.name.given[0] → 19 → an index is understood only directly after an element
                Patient.name.where(use='usual')[0] → 32 → an index is understood only directly after an element
                Patient.name[x] → 14 → an index is expected
                Patient.generalPractitioner.resolve().name → 29 → resolve() is understood only before is
                Patient.name.where(resolve() is Patient) → 20 → resolve() needs a Reference
                Patient.generalPractitioner.where(resolve() is string) → 45 → string is not a resource type
                Patient.name.extension(url) → 24 → extension() takes a url between quotes
                Patient.name + 1 → 14 → "+" is not understood here
                Patient.name.where(family = 'a\\q') → 31 → "\\q" is not an escape
                'x' → 1 → a path is expected
                Patient.deceased.exists() | Patient.name → 18 → a path is expected
                Patient.name.where(%resource.id = 'x') → 20 → %resource is not understood inside a condition
                """;
        return table.lines().map(line -> Arguments.of((Object[]) line.split(" → ")));
    }

    @Test
    void check_emptyText_isRefused() {
        assertThat(PathCompiler.check("Patient", "")).contains("the end is not understood here");
    }

    @Test
    void check_whatIsUnderstood_isNull() {
        assertThat(PathCompiler.check("Patient", "(Patient.deceased as dateTime)"))
                .isNull();
        assertThat(PathCompiler.check("Observation", "(Observation.value as FHIR.Quantity)"))
                .isNull();
        assertThat(PathCompiler.check("Observation", "Observation.value.as(DateTime)"))
                .isNull();
        assertThat(PathCompiler.check("Task", "Task.`for`.where(resolve() is Patient) | Task.for"))
                .isNull();
    }

    @Test
    void check_componentNotUnderstood_namesTheComponent() {
        SearchParameter parameter = new SearchParameter(
                "Observation",
                "x",
                SearchParameterType.COMPOSITE,
                "Observation",
                "x",
                false,
                false,
                "",
                "",
                List.of(),
                List.of(new SearchParameter.Component("code", SearchParameterType.TOKEN, "coda")),
                "test");
        assertThat(PathCompiler.check(parameter)).contains("of \"coda\": coda is not an element of Observation");
    }
}
