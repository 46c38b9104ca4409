package miroir.server.walks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import miroir.server.Http;
import miroir.server.TestServer;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A walk through all pages of a search.
 *
 * @param asOf as at when, as the server says; null where there was but one page
 * @param found in their order
 */
record Walk(
        Question question,
        String query,
        @Nullable Instant asOf,
        @Nullable Number total,
        List<Document> found,
        int pages) {

    private static final int ATTEMPTS = 10;

    /** Goes from page to page, each on any of the servers, and sometimes back to the beginning. */
    static Walk through(List<TestServer> servers, Question question, Random random, AtomicLong refused)
            throws Exception {
        String query = question.query(5 + random.nextInt(40), random.nextInt(4) == 0);
        Document page = get(any(servers, random), refused, "/" + question.type() + "?" + query);
        Instant asOf = asOf(page);
        Object total = page.get("total");
        List<Document> found = new ArrayList<>(resources(page));
        List<List<Document>> pages = new ArrayList<>(List.of(resources(page)));
        String next = link(page, "next");
        while (next != null) {
            page = get(any(servers, random), refused, next);
            assertThat(asOf(page)).isEqualTo(asOf);
            assertThat(page.get("total")).isEqualTo(total);
            pages.add(resources(page));
            found.addAll(resources(page));
            next = link(page, "next");
        }
        if (pages.size() > 1 && random.nextInt(4) == 0) {
            goBack(servers, page, pages, random, refused);
        }
        return new Walk(question, query, asOf, (Number) total, found, pages.size());
    }

    private static void goBack(
            List<TestServer> servers, Document last, List<List<Document>> pages, Random random, AtomicLong refused)
            throws Exception {
        Document page = last;
        List<Document> back = new ArrayList<>();
        String previous = link(page, "previous");
        while (previous != null) {
            page = get(any(servers, random), refused, previous);
            List<Document> turned = new ArrayList<>(resources(page));
            Collections.reverse(turned);
            back.addAll(turned);
            previous = link(page, "previous");
        }
        Collections.reverse(back);
        List<Document> before = new ArrayList<>();
        pages.subList(0, pages.size() - 1).forEach(before::addAll);
        assertThat(back).isEqualTo(before);
        assertThat(resources(get(any(servers, random), refused, Objects.requireNonNull(link(page, "first")))))
                .isEqualTo(pages.get(0));
    }

    /** Whether it saw what there was, once, in order. */
    void verify(State state, String seed) {
        String what = seed + ", " + question.type() + "?" + query + " as at " + asOf;
        List<Document> expected = state.resources().values().stream()
                .filter(question::isAbout)
                .filter(each -> question.meets().test(each, state))
                .toList();
        assertThat(found).as(what).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(question.isInOrder(found)).as("in order: " + what).isTrue();
        if (total != null) {
            assertThat(total.intValue()).as("total of " + what).isEqualTo(expected.size());
        }
    }

    private static TestServer any(List<TestServer> servers, Random random) {
        return servers.get(random.nextInt(servers.size()));
    }

    /** A path below the base, or a link, which works on every server, and again where the machine had no time for it. */
    private static Document get(TestServer server, AtomicLong refused, String where) throws Exception {
        String path = where.startsWith("/") ? where : where.substring(where.indexOf("/fhir/") + "/fhir".length());
        HttpResponse<String> answer = Http.send("GET", URI.create(server.base() + path));
        for (int attempt = 1; answer.statusCode() == 503 && attempt < ATTEMPTS; attempt++) {
            refused.incrementAndGet();
            answer = Http.send("GET", URI.create(server.base() + path));
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Document.parse(answer.body());
    }

    static List<Document> resources(Document bundle) {
        return bundle.getList("entry", Document.class, List.of()).stream()
                .map(entry -> entry.get("resource", Document.class))
                .toList();
    }

    static @Nullable String link(Document bundle, String relation) {
        return bundle.getList("link", Document.class).stream()
                .filter(each -> each.getString("relation").equals(relation))
                .map(each -> each.getString("url"))
                .findFirst()
                .orElse(null);
    }

    static @Nullable Instant asOf(Document bundle) {
        Document meta = bundle.get("meta", Document.class);
        return meta == null ? null : Instant.parse(meta.getString("lastUpdated"));
    }
}
