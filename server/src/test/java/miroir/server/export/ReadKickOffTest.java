package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadKickOffTest {
    private static final Set<String> SERVED = Set.of("Organization", "Practitioner", "Device");

    private static KickOff read(Handling handling, String... namesAndValues) {
        List<QueryParameter> parameters = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.add(new QueryParameter(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new ReadKickOff(SERVED, Set.of("Organization", "Practitioner"), ZoneId.of("Europe/Paris"), handling)
                .of(parameters);
    }

    private static KickOff strictly(String... namesAndValues) {
        return read(Handling.STRICT, namesAndValues);
    }

    @Test
    void types_notGiven_areThoseThatMayBeSearched_inOrder() {
        assertThat(strictly().types()).containsExactly("Organization", "Practitioner");
    }

    @Test
    void types_givenInAnyWay_areOnce_inOrder() {
        assertThat(strictly("_type", "Practitioner, Organization", "_type", "Organization")
                        .types())
                .containsExactly("Organization", "Practitioner");
    }

    @Test
    void typeThatMayNotBeSearched_isRefused_whateverTheClientSays() {
        assertThatThrownBy(() -> read(Handling.LENIENT, "_type", "Device"))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.reason()).isEqualTo(Refusal.Reason.RIGHT_MISSING));
    }

    @Test
    void filters_repeatedOrWithCommas_areApart_andCommasInThemStay() {
        KickOff read = strictly(
                "_typeFilter",
                "Organization?_id=a,b,Practitioner?name=x,Organization?name=A,b",
                "_typeFilter",
                "Organization?active=true");

        assertThat(read.filters().get("Organization")).containsExactly("_id=a,b", "name=A,b", "active=true");
        assertThat(read.filters().get("Practitioner")).containsExactly("name=x");
    }

    @Test
    void filters_tooMany_areRefused() {
        assertThatThrownBy(() -> strictly("_typeFilter", "Organization?name=x,".repeat(200) + "Organization?name=x"))
                .hasMessageContaining("allowed are 100");
    }

    /** The largest form makes no more than this, and no more than that is written down. */
    @ParameterizedTest
    @ValueSource(strings = {"_type", "_elements"})
    void names_tooMany_areRefused_alsoOfTheLenient(String parameter) {
        assertThatThrownBy(() -> read(Handling.LENIENT, parameter, "a,".repeat(64_000)))
                .isInstanceOfSatisfying(
                        Refusal.class, refused -> assertThat(refused.reason()).isEqualTo(Refusal.Reason.INVALID))
                .hasMessageContaining("allowed are 1000");
        assertThatThrownBy(() -> read(Handling.LENIENT, parameter, "a,".repeat(ReadKickOff.MOST_WARNINGS)))
                .hasMessageContaining("the 100 things that are allowed");
    }

    @Test
    void whatIsLeftOut_tooMuch_isRefused() {
        String[] unknown = new String[2 * (ReadKickOff.MOST_WARNINGS + 1)];
        Arrays.fill(unknown, "x");

        assertThat(read(Handling.LENIENT, Arrays.copyOf(unknown, unknown.length - 2))
                        .warnings())
                .hasSize(ReadKickOff.MOST_WARNINGS);
        assertThatThrownBy(() -> read(Handling.LENIENT, unknown))
                .hasMessageContaining("the 100 things that are allowed");
    }

    @Test
    void parameters_tooLong_areRefused() {
        assertThatThrownBy(() -> strictly("_typeFilter", "Organization?name=" + "x".repeat(1 << 17)))
                .hasMessageContaining("characters together; allowed are 131072");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Organization",
                "Organization?",
                "?name=x",
                "organization?name=x",
                ",",
                "Organization?name=x,"
            })
    void filter_thatIsNoSearch_isRefused_orIsOne(String filter) {
        if (filter.equals("Organization?name=x,")) {
            assertThat(strictly("_typeFilter", filter).filters().get("Organization"))
                    .containsExactly("name=x,");
        } else {
            assertThatThrownBy(() -> strictly("_typeFilter", filter)).hasMessageContaining("_typeFilter");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-28T10:00:00Z, 2026-11-28T10:00:00Z",
        "2026-11-28T10:00:00.123+01:00, 2026-11-28T09:00:00.123Z",
        "2026-11-28T10:00:00 01:00, 2026-11-28T09:00:00Z",
        "2026-11-28, 2026-11-27T23:00:00Z"
    })
    void since_isTheBeginningOfWhatItSays(String value, Instant since) {
        assertThat(strictly("_since", value).since()).isEqualTo(since);
    }

    @Test
    void elements_withoutAType_areOfAll_andWithOne_ofThat() {
        assertThat(strictly("_elements", "identifier,Practitioner.birthDate").elements())
                .containsEntry("Organization", List.of("identifier"))
                .containsEntry("Practitioner", List.of("birthDate", "identifier"));
        assertThat(strictly("_elements", "Practitioner.name").elements()).containsOnlyKeys("Practitioner");
        assertThat(strictly("_elements", "birthDate").elements()).containsEntry("Organization", List.of());
    }

    @Test
    void lenientClient_hasLeftOut_whatIsNotOffered() {
        KickOff read = read(
                Handling.LENIENT,
                "patient",
                "1",
                "_type",
                "Organization,Group",
                "_elements",
                "nonsense",
                "_typeFilter",
                "Practitioner?name=x");

        assertThat(read.types()).containsExactly("Organization");
        assertThat(read.elements()).isEmpty();
        assertThat(read.filters()).isEmpty();
        assertThat(read.warnings()).hasSize(4).allMatch(warning -> warning.startsWith("ignored: "));
        assertThatThrownBy(() -> read(Handling.LENIENT, "_type", "Group")).hasMessageContaining("no type is left");
        assertThatThrownBy(() -> read(Handling.LENIENT, "_outputFormat", "csv")).hasMessageContaining("csv");
    }
}
