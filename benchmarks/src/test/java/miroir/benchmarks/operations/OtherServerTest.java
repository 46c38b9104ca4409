package miroir.benchmarks.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.StringReader;
import java.net.URI;
import java.util.List;
import miroir.benchmarks.BatchAnswer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is made of the answers of somebody else's server, and of what is typed about it. */
class OtherServerTest {
    @Test
    void next_isTheLinkToTheNextPage_howeverItIsWritten() {
        assertThat(next("{\"link\": [{\"relation\": \"next\", \"url\": \"http://x:1/fhir?a=b\\u0026c=d\"}]}"))
                .isEqualTo("/fhir?a=b&c=d");
        assertThat(next("{\"entry\":[{\"link\":[]}],\"link\":[{\"relation\":\"self\",\"url\":\"http://x/1\"},"
                        + "{\"id\":\"2\",\"url\":\"https://x/2?a=s|1\",\"relation\":\"next\"}]}"))
                .isEqualTo("/2?a=s|1");
        assertThat(next("{\"link\": [{\"relation\": \"next\", \"url\": \"/fhir/page\"}], \"entry\": [{"))
                .isEqualTo("/fhir/page");
    }

    @Test
    void next_ofTheLastPage_isNone() {
        assertThat(next("{\"link\": [{\"relation\": \"self\", \"url\": \"http://x/fhir\"}]}"))
                .isNull();
        assertThat(next("{\"resourceType\": \"Bundle\"}")).isNull();
    }

    private static @Nullable String next(String body) {
        return Asked.next(new StringReader(body));
    }

    @Test
    void check_whereEachEntryWasStored_passes() {
        assertThatCode(() -> BatchAnswer.check(
                        "{\"entry\":[{\"response\":{\"status\":\"201 Created\"}},{\"response\":{\"status\":\"200\"}}]}",
                        2))
                .doesNotThrowAnyException();
    }

    @Test
    void check_whereOneWasRefused_saysWhy() {
        assertThatIllegalStateException()
                .isThrownBy(() -> BatchAnswer.check(
                        "{\"entry\":[{\"response\":{\"status\":\"200\"}},{\"response\":{\"status\":\"422\","
                                + "\"outcome\":{\"issue\":[{\"diagnostics\":\"no such profile\"}]}}}]}",
                        2))
                .withMessageContaining("'422'")
                .withMessageContaining("no such profile");
        assertThatIllegalStateException()
                .isThrownBy(() -> BatchAnswer.check("{\"entry\":[{}]}", 1))
                .withMessageContaining("''");
    }

    @Test
    void check_whereSomeHaveNoAnswer_endsIt() {
        assertThatIllegalStateException()
                .isThrownBy(() -> BatchAnswer.check("{\"resourceType\":\"Bundle\"}", 3))
                .withMessageContaining("3 resources were sent in a batch, and 0 answered");
    }

    @Test
    void of_answersOfAnyServer_tellsWhatIsShown() {
        Shown shown =
                Shown.of("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"A\",\"id\":\"1\"}},"
                        + "{\"resource\":{\"resourceType\":\"B\",\"id\":\"2\"},\"search\":{\"mode\":\"include\"}},"
                        + "{\"resource\":{\"resourceType\":\"OperationOutcome\"},\"search\":{\"mode\":\"outcome\"}},"
                        + "{\"fullUrl\":\"x\",\"search\":{}}]}");

        assertThat(shown).isEqualTo(new Shown(List.of("A/1"), List.of("B/2"), ""));
        assertThat(Shown.of("{\"resourceType\":\"Bundle\",\"total\":3}").total())
                .isEqualTo("3");
    }

    @Test
    void of_anAddress_isWithoutASlashAtItsEnd() {
        assertThat(OtherOptions.of("http://h:8080/fhir/", "5", "12, 13", false))
                .isEqualTo(new OtherOptions(URI.create("http://h:8080/fhir"), 5, List.of(12L, 13L)));
        assertThat(OtherOptions.of("https://h", null, null, true).base().getRawPath())
                .isEmpty();
    }

    @Test
    void of_whatIsNoAddress_isRefusedByName() {
        for (String url : List.of("localhost:8080/fhir", "h", "ftp://h/fhir", "http://h/fhir?a=b", "http://a b", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OtherOptions.of(url, null, null, false))
                    .withMessageContaining("not '" + url + "'");
        }
    }

    @Test
    void of_whatIsNoNumber_isRefusedByName() {
        for (String number : List.of("x", "0", "-1", "", "1.5", "99999999999999999999")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OtherOptions.of("http://h", number, null, false))
                    .withMessage("--load takes whole numbers from 1 on, not '" + number + "'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OtherOptions.of("http://h", null, "1," + number, false))
                    .withMessage("--pids takes whole numbers from 1 on, not '" + number + "'");
        }
    }

    @Test
    void of_aTokenOverHttp_isForThisMachineOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OtherOptions.of("http://fhir.example.org/r4", null, null, true))
                .withMessageContaining("MIROIR_TOKEN is not sent over http beyond this machine");
        assertThat(OtherOptions.of("http://[::1]:8080/fhir", null, null, true)
                        .base()
                        .getPort())
                .isEqualTo(8080);
    }
}
