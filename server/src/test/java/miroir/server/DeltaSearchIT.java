package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.generated.Proves;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ForwardingStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Following a type by {@code _lastUpdated}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeltaSearchIT {
    private static final Pattern AS_OF = Pattern.compile("\"meta\":\\{\"lastUpdated\":\"([^\"]+Z)\"}");
    private static final Pattern UPDATED_P3 =
            Pattern.compile("\"id\":\"p3\",\"meta\":\\{[^}]*\"lastUpdated\":\"([^\"]+)\"");
    private static final Pattern NEXT = Pattern.compile("\"relation\":\"next\",\"url\":\"([^\"]+)\"");

    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    @Proves("_lastUpdated, to follow without missing anything")
    void search_boundedBelowByLastUpdated_showsTheSameInstantOnEveryPage() throws Exception {
        write("Practitioner", "p1");
        write("Practitioner", "p2");
        String first = get(server.uri("/fhir/Practitioner?_lastUpdated=ge2020-01-01&_count=1"));
        write("Practitioner", "p3");
        String second = get(URI.create(group(NEXT, first)));

        assertThat(first).contains("Practitioner/p1");
        assertThat(second).contains("Practitioner/p2").doesNotContain("\"relation\":\"next\"");
        assertThat(group(AS_OF, second)).isEqualTo(group(AS_OF, first));
        String later = get(server.uri("/fhir/Practitioner?_lastUpdated=ge" + group(AS_OF, first)));
        assertThat(later).contains("Practitioner/p3");
        assertThat(Instant.parse(group(AS_OF, later)))
                .isAfterOrEqualTo(OffsetDateTime.parse(group(UPDATED_P3, later)).toInstant());
    }

    /** Others would wait for their turn as long as that takes. */
    @Test
    void search_toFollow_settlesThePresentBeforeItsTurn() throws Exception {
        SettledWhere where = new SettledWhere();
        try (TestServer watched = TestServer.start("", where, false)) {
            get(watched.uri("/fhir/Practitioner?_lastUpdated=ge2020-01-01"));
        }
        assertThat(where.before).hasValue(1);
        assertThat(where.inTurn).hasValue(0);
    }

    private static final class SettledWhere extends ForwardingStore {
        private final ThreadLocal<Boolean> hasTurn = ThreadLocal.withInitial(() -> false);
        private final AtomicInteger before = new AtomicInteger();
        private final AtomicInteger inTurn = new AtomicInteger();

        SettledWhere() {
            super(TestServer.memory());
        }

        @Override
        public Instant settled(Caller caller, Duration patience, Deadline deadline) {
            (hasTurn.get() ? inTurn : before).incrementAndGet();
            return super.settled(caller, patience, deadline);
        }

        @Override
        public <T> T inTurn(Deadline deadline, Supplier<T> searches) {
            hasTurn.set(true);
            try {
                return super.inTurn(deadline, searches);
            } finally {
                hasTurn.set(false);
            }
        }
    }

    @Test
    void search_other_showsTheInstantOfTheFirstPageOnEveryPage() throws Exception {
        write("Organization", "o1");
        write("Organization", "o2");
        String first = get(server.uri("/fhir/Organization?_count=1"));
        write("Organization", "o3");
        String second = get(URI.create(group(NEXT, first)));

        assertThat(second).contains("Organization/o2").doesNotContain("\"relation\":\"next\"");
        assertThat(group(AS_OF, second)).isEqualTo(group(AS_OF, first));
    }

    /** The clock has gone on by a millisecond when this returns, so that what is written next is told apart. */
    private void write(String type, String id) throws Exception {
        long before = System.currentTimeMillis();
        String json = "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\"}";
        Http.write("PUT", server.uri("/fhir/" + type + "/" + id), json);
        while (System.currentTimeMillis() == before) {
            Thread.onSpinWait();
        }
    }

    private static String get(URI uri) throws Exception {
        return Http.send("GET", uri).body();
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }
}
