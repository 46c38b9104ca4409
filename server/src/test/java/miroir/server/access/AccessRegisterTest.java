package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import miroir.index.store.KeptAccess;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AccessRegisterTest {
    private final InMemory kept = new InMemory();
    private final AccessRegister register = AccessRegister.follow(kept);

    @AfterEach
    void close() {
        register.close();
    }

    private static BsonDocument consumer(String token) {
        return new Consumer("c", "", List.of(), List.of("reader"), false, List.of(token(token))).toBson();
    }

    private static IssuedToken token(String text) {
        return new IssuedToken("id", TokenText.hash(text), "test", Instant.EPOCH, null);
    }

    private boolean knows(String token) {
        return register.newest().holder(TokenText.hash(token)).isPresent();
    }

    @Test
    void present_isWhatIsKept_alsoAfterRemovalsAndRestores() {
        kept.put("consumer/c", consumer("one"));
        assertThat(knows("one")).isTrue();

        kept.put("consumer/c", consumer("two"));
        assertThat(knows("one")).isFalse();
        assertThat(knows("two")).isTrue();

        kept.documents.clear();
        assertThat(knows("two")).isFalse();
        assertThat(register.newest()).isSameAs(register.newest());
    }

    @Test
    void present_followsByItself() {
        kept.put("consumer/c", consumer("one"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> register.present().holder(TokenText.hash("one")).isPresent());
    }

    @Test
    void present_whatSomebodyBrokeByHand_allowsNothingAndHidesNothing() {
        kept.put("consumer/good", consumer("good"));
        BsonDocument broken = consumer("broken");
        broken.getArray("tokens").get(0).asDocument().put("expires", new BsonInt32(7));
        kept.put("consumer/broken", broken);
        kept.put("consumer/empty", new BsonDocument());
        kept.put("role/odd", new BsonDocument("permissions", new BsonArray(List.of(new BsonString("LOOK on *")))));
        kept.put("nonsense", new BsonDocument());

        assertThat(knows("broken")).isFalse();
        assertThat(knows("good")).isTrue();
        kept.documents.remove("consumer/good");
        assertThat(knows("good")).isFalse();
    }

    @Test
    void present_whereTheDatabaseIsAway_isNothingThatMayBeOld() {
        kept.put("consumer/c", consumer("one"));
        assertThat(knows("one")).isTrue();
        kept.away = true;

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThatThrownBy(register::present).isInstanceOf(Refusal.class));
        int asked = kept.asked.get();
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(register::present).isInstanceOf(Refusal.class);
        }
        assertThat(kept.asked.get() - asked)
                .as("questions of a hundred that come together")
                .isLessThan(10);
        kept.away = false;
        await().atMost(Duration.ofSeconds(20))
                .until(() -> register.newest().holder(TokenText.hash("one")).isPresent());
    }

    @Test
    void holder_hasWhatAllItsRolesAllow_andNothingByRolesThatAreGone() {
        kept.put("role/devices", new Role("devices", List.of(Permission.of("DELETE on Device"))).toBson());
        kept.put("group/g", new Group("g", List.of("devices", "gone")).toBson());
        kept.put(
                "consumer/c",
                new Consumer("c", "", List.of("g", "nowhere"), List.of("reader"), false, List.of(token("t"))).toBson());

        Grants grants =
                register.newest().holder(TokenText.hash("t")).orElseThrow().grants();

        assertThat(grants.has(Right.READ, "Patient")).isTrue();
        assertThat(grants.has(Right.DELETE, "Device")).isTrue();
        assertThat(grants.has(Right.DELETE, "Patient")).isFalse();
        assertThat(grants.has(Right.CREATE, "")).isFalse();
        kept.documents.remove("role/devices");
        assertThat(register.newest()
                        .holder(TokenText.hash("t"))
                        .orElseThrow()
                        .grants()
                        .has(Right.DELETE, "Device"))
                .isFalse();
    }

    /** A request of hours looks its token up each second, and is one call. */
    @Test
    void calls_areThoseThatAreOver_andNoneIsLost() throws Exception {
        InMemory own = new InMemory();
        int threads = 4;
        int calls = 2_000;
        try (AccessRegister counting = AccessRegister.follow(own)) {
            List<Thread> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Thread thread = new Thread(() -> {
                    for (int call = 0; call < calls; call++) {
                        counting.used(token("t"));
                        counting.used(token("t"));
                        counting.called("id");
                    }
                });
                thread.start();
                all.add(thread);
            }
            while (all.stream().anyMatch(Thread::isAlive)) {
                counting.noteUses();
            }
            own.away = true;
            counting.called("id");
            counting.noteUses();
            own.away = false;
        }
        assertThat(own.uses).containsEntry("id", (long) threads * calls + 1);
    }

    @Test
    void use_thatIsNotOver_isNoted() {
        InMemory own = new InMemory();
        try (AccessRegister counting = AccessRegister.follow(own)) {
            counting.used(token("t"));
        }
        assertThat(own.uses).containsEntry("id", 0L);
    }

    /** Keeps it in memory, and fails where it is told to. */
    private static final class InMemory implements KeptAccess {
        private final Map<String, Kept> documents = new ConcurrentHashMap<>();
        private final Map<String, Long> uses = new ConcurrentHashMap<>();
        private volatile boolean away;
        private final AtomicInteger asked = new AtomicInteger();
        private int stamp;

        void put(String id, BsonDocument content) {
            documents.put(id, new Kept(id, 1, "stamp " + stamp++, content));
        }

        @Override
        public Map<String, String> stamps() {
            asked.incrementAndGet();
            if (away) {
                throw new Refusal(Refusal.Reason.NOT_READY, "away");
            }
            Map<String, String> stamps = new TreeMap<>();
            documents.forEach((id, each) -> stamps.put(id, each.stamp()));
            return stamps;
        }

        @Override
        public List<Kept> read(Collection<String> ids) {
            List<Kept> found = new ArrayList<>(documents.values());
            found.removeIf(each -> !ids.contains(each.id()));
            return found;
        }

        @Override
        public Optional<Kept> find(String id) {
            return Optional.ofNullable(documents.get(id));
        }

        @Override
        public Optional<Kept> create(String id, BsonDocument content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Kept> replace(String id, long version, BsonDocument content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean remove(String id, long version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void openSession(String id, BsonDocument content, Duration length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<BsonDocument> findSession(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void closeSession(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void closeSessions(String field, String value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean noteUses(Map<String, Long> calls) {
            if (away) {
                return false;
            }
            calls.forEach((token, since) -> uses.merge(token, since, Long::sum));
            return true;
        }

        @Override
        public void forgetUses(Collection<String> tokens) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Use> uses(List<String> tokens) {
            return Map.of();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
