package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ForwardingStore;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be searched by, told to who may read it, with examples that are answered. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SearchParameterPagesIT {
    private static final Pattern EXAMPLE = Pattern.compile("href=\"(/fhir/[^\"]*_count=5[^\"]*)\"");
    private static final int MOST = 50_000;
    private static final String PASSWORD = "a long enough password";

    private TestServer open;
    private TestServer closed;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        open = TestServer.start();
        closed = TestServer.withAccess("access: {mode: token}", database, new Busy());
    }

    @AfterAll
    void stop() {
        open.close();
        closed.close();
    }

    /** Answers no search for now. */
    private static final class Busy extends ForwardingStore {
        Busy() {
            super(TestServer.memory());
        }

        @Override
        public Page select(Caller caller, PageQuery query) {
            throw new Refusal(Refusal.Reason.NOT_READY, "not for now");
        }
    }

    private static HttpResponse<String> get(TestServer server, String path, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("Accept", "text/html"));
        all.addAll(List.of(headers));
        return Http.send("GET", server.uri(path), all.toArray(String[]::new));
    }

    @Test
    void types_leadToAPageEach_ofWhichAllExamplesAreAnswered() throws Exception {
        String types = get(open, "/parameters").body();
        int answered = 0;
        for (String type : TestServer.REGISTRY.types()) {
            HttpResponse<String> page = get(open, "/parameters/" + type);

            assertThat(types).contains("href=\"/parameters/" + type + "\"");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MOST);
            List<String> examples = EXAMPLE.matcher(page.body())
                    .results()
                    .map(each -> each.group(1).replace("&amp;", "&"))
                    .toList();
            assertThat(examples).hasSizeGreaterThan(8);
            for (String example : examples) {
                assertThat(Http.send("GET", open.uri(example)).statusCode())
                        .as(example)
                        .isEqualTo(200);
                answered++;
            }
        }
        assertThat(answered).isGreaterThan(150);
    }

    @Test
    void waysToAsk_areExplained_withExamplesThatAreAnswered() throws Exception {
        String page = get(open, "/parameters").body();
        List<String> examples = EXAMPLE.matcher(page)
                .results()
                .map(each -> each.group(1).replace("&amp;", "&"))
                .toList();

        assertThat(examples).hasSize(6).anyMatch(each -> each.contains("_has"));
        for (String example : examples) {
            assertThat(Http.send("GET", open.uri(example)).statusCode())
                    .as(example)
                    .isEqualTo(200);
        }
        assertThat(get(open, "/parameters?lang=en").body()).contains("greater or equal", "The other way round");
    }

    @Test
    void page_isInFrench_andInEnglish() throws Exception {
        assertThat(get(open, "/parameters/Practitioner").body())
                .contains("Début du nom de famille", ":contains", "<html lang=\"fr\">")
                .doesNotContain("A portion of the family name");
        assertThat(get(open, "/parameters/Practitioner?lang=en").body())
                .contains("A portion of the family name", "Search parameters: ");
        assertThat(get(open, "/").body()).contains("href=\"/parameters\"");
    }

    @Test
    void type_thatIsNotServed_isNotThere() throws Exception {
        for (String path : List.of("/parameters/Nothing", "/parameters/", "/parameters/Device/x")) {
            HttpResponse<String> answer = get(open, path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).contains("served: ").doesNotContain("<b>");
        }
    }

    /** What the capabilities tell, to whom they tell it; an administrator's browser has no token for FHIR itself. */
    @Test
    void pages_whereReadingTakesAToken_areForWhoHasOne_andLeadTheOthersToTheConsole() throws Exception {
        String session = session();
        assertThat(get(closed, "/parameters").statusCode()).isEqualTo(401);
        HttpResponse<String> page = get(closed, "/parameters/Device", "Cookie", "miroir_session=" + session);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("href=\"/admin/resources/Device?q=status%3Dactive")
                .doesNotContain("href=\"/fhir/");
        assertThat(get(closed, "/", "Cookie", "miroir_session=" + session).body())
                .contains("href=\"/admin/resources/Practitioner?q=")
                .doesNotContain("href=\"/fhir/");
    }

    @Test
    void search_thatIsNotAnsweredForNow_saysWhenToAskAgain() throws Exception {
        HttpResponse<String> page =
                get(closed, "/admin/resources/Device?q=status%3Dactive", "Cookie", "miroir_session=" + session());

        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body()).contains("not for now", "id=\"search\"");
        assertThat(page.headers().firstValue("Retry-After")).isPresent();
    }

    private String session() throws Exception {
        AdminClient local = AdminClient.local(closed);
        String password = "\"password\":\"" + PASSWORD + "\"}";
        if (local.get("administrators/views").statusCode() != 200) {
            local.done("PUT", "administrators/views", "{\"role\":\"viewer\"," + password);
        }
        return local.done("POST", "session", "{\"name\":\"views\"," + password)
                .getString("token")
                .getValue();
    }
}
