package miroir.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import miroir.server.access.Permission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SmartScopesTest {
    private static String permissions(String scopes) {
        return SmartScopes.permissions(Arrays.asList(scopes.split(" ", -1))).stream()
                .map(Permission::toString)
                .collect(Collectors.joining("; "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "system/Practitioner.r    | READ on Practitioner",
                "system/Practitioner.s    | SEARCH on Practitioner",
                "system/Practitioner.rs   | READ, SEARCH, HISTORY on Practitioner",
                "system/Practitioner.read | READ, SEARCH, HISTORY on Practitioner",
                "user/Practitioner.write  | CREATE, UPDATE, DELETE on Practitioner",
                "user/Practitioner.*      | READ, SEARCH, HISTORY, CREATE, UPDATE, DELETE on Practitioner",
                "system/*.cruds           | READ, SEARCH, HISTORY, CREATE, UPDATE, DELETE on *",
                "system/*.*               | READ, SEARCH, HISTORY, CREATE, UPDATE, DELETE on *",
                "user/*.cud               | CREATE, UPDATE, DELETE on *",
                "system/Organization.rs?address-postalcode=75001 | READ, SEARCH, HISTORY on Organization?address-postalcode=75001",
                "system/Device.r system/Device.s | READ, SEARCH, HISTORY on Device",
                "system/Organization.r system/Organization.s?active=true | READ on Organization; SEARCH on Organization?active=true"
            })
    void permissions_ofScopes_areAsTheTableOfThePageSays(String scopes, String allowed) {
        assertThat(permissions(scopes)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "openid",
                "profile",
                "fhirUser",
                "offline_access",
                "launch",
                "launch/patient",
                "patient/Practitioner.rs",
                "patient/*.*",
                "system/Practitioner",
                "system/Practitioner.",
                "system/Practitioner.sr",
                "system/Practitioner.rr",
                "system/Practitioner.R",
                "system/Practitioner.x",
                "system/Practitioner.explain",
                "system/Practitioner.erase",
                "system/practitioner.r",
                "system/P*.r",
                "system/.r",
                "System/Practitioner.r",
                "system/Practitioner.r?",
                "system/Practitioner.read?active=true",
                "system/Practitioner.*?active=true",
                "system/Practitioner.r?name=é",
                "system/Practitioner.r?name=a\nb",
                " system/Practitioner.r\n",
                "xsystem/Practitioner.r",
                "system/Practitioner.rs/x"
            })
    void permissions_ofWhatIsNotUnderstood_areNone(String scope) {
        assertThat(SmartScopes.permissions(List.of(scope))).isEmpty();
    }

    @Test
    void names_ofDifferentPeople_differ() {
        List<String> given = List.of(
                "a",
                "A",
                "a-b",
                "a/b",
                "a b",
                "é",
                "",
                "x".repeat(37),
                "x".repeat(38),
                "x".repeat(39),
                "_" + "a".repeat(60),
                "İ".repeat(60),
                "-".repeat(60));

        List<String> names = given.stream().map(BearerName::of).toList();

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9][a-z0-9._-]{0,36}"));
        assertThat(BearerName.of("8f14e45f-ceea-467f-a1b2-0123456789ab"))
                .isEqualTo("8f14e45f-ceea-467f-a1b2-0123456789ab");
        assertThat(BearerName.of(BearerName.of("A"))).isNotEqualTo(BearerName.of("A"));
    }
}
