package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Versions, one by one and as histories. */
interface HistoryContract extends ContractStore {
    ResourceKey ORGANIZATION = new ResourceKey("Organization", "o1");
    HistoryQuery.Of ONE = new HistoryQuery.Resource(KEY);
    HistoryQuery.Of BOTH_TYPES = new HistoryQuery.Types(Set.of("Practitioner", "Organization"));

    // ---- one version

    @Test
    default void readVersion_each_isWhatWasWritten() {
        List<ResourceVersion> written = updateDeleteAndPutAgain();

        for (ResourceVersion version : written) {
            assertThat(store().readVersion(EVERYONE, KEY, version.version())).contains(version);
        }
    }

    @Test
    default void readVersion_neverWritten_isEmpty() {
        put("p1", "{}");

        assertThat(store().readVersion(EVERYONE, KEY, 0)).isEmpty();
        assertThat(store().readVersion(EVERYONE, KEY, 2)).isEmpty();
        assertThat(store().readVersion(EVERYONE, KEY, -1)).isEmpty();
        assertThat(store().readVersion(EVERYONE, ORGANIZATION, 1)).isEmpty();
    }

    @Test
    default void readVersion_scope_isHeldAgainstTheVersionAndAgainstTheCurrentOne() {
        put("p1", "{active: true}");
        put("p1", "{active: false}");
        put("p1", "{active: true, name: ['Anne']}");

        assertThat(store().readVersion(active(), KEY, 1)).isPresent();
        assertThat(store().readVersion(active(), KEY, 2)).isEmpty();
        put("p1", "{active: false}");
        assertThat(store().readVersion(active(), KEY, 1)).isEmpty();
        assertThat(store().readVersion(active(), KEY, 4)).isEmpty();
    }

    @Test
    default void readVersion_scopeNamesTheId_findsOldVersions() {
        put("p1", "{}");
        put("p1", "{active: true}");
        Caller self = ContractStore.only(new Condition.In("_id", strings("p1")));
        Caller other = ContractStore.only(new Condition.In("_id", strings("p2")));

        assertThat(store().readVersion(self, KEY, 1)).isPresent();
        assertThat(store().readVersion(other, KEY, 1)).isEmpty();
        assertThat(versions(self, history(ONE))).containsExactly(2L, 1L);
        assertThat(versions(other, history(ONE))).isEmpty();
    }

    // ---- how versions came to be

    @Test
    default void create_newId_isCreatedAndKeepsSayingSo() {
        Written created = store().create(EVERYONE, KEY, fhir("p1", "{}"));
        put("p1", "{}");
        put("p1", "{active: true}");

        assertThat(created.effect()).isEqualTo(Written.Effect.CREATED);
        assertThat(origins()).containsExactly(ResourceVersion.Origin.UPDATED, ResourceVersion.Origin.CREATED);
        assertThat(store().readVersion(EVERYONE, KEY, 1)).contains(created.current());
    }

    @Test
    default void create_idInUse_isRefused() {
        put("p1", "{}");

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> store().create(EVERYONE, KEY, fhir("p1", "{active: true}")));
    }

    @Test
    default void put_newIdAndAfterDeletion_isPutCreated() {
        updateDeleteAndPutAgain();
        put("p1", "{name: ['Annick']}");

        assertThat(origins())
                .containsExactly(
                        ResourceVersion.Origin.UPDATED,
                        ResourceVersion.Origin.PUT_CREATED,
                        ResourceVersion.Origin.UPDATED,
                        ResourceVersion.Origin.PUT_CREATED);
    }

    @Test
    default void select_created_doesNotSayHowItCameToBe() {
        store().create(EVERYONE, KEY, fhir("p1", "{}"));

        assertThat(select(Condition.all(), 0, 5).resources())
                .extracting(ResourceVersion.Live::origin)
                .containsExactly(ResourceVersion.Origin.NOT_TOLD);
    }

    // ---- histories

    @Test
    default void history_ofAResource_isEveryVersionNewestFirst() {
        List<ResourceVersion> written = new ArrayList<>(updateDeleteAndPutAgain());
        put("p2", "{}");

        Collections.reverse(written);
        assertThat(store().history(EVERYONE, history(ONE))).isEqualTo(new HistoryPage(written, false));
    }

    @Test
    default void history_unusedId_isEmpty() {
        put("p2", "{}");

        assertThat(store().history(EVERYONE, history(ONE))).isEqualTo(new HistoryPage(List.of(), false));
    }

    @Test
    default void history_idThatBeginsLikeAnother_hasOnlyItsOwn() {
        put("p1", "{}");
        put("p1", "{active: true}");
        put("p10", "{}");
        put("p10", "{active: true}");

        assertThat(store().history(EVERYONE, history(ONE)).versions())
                .extracting(ResourceVersion::key)
                .containsOnly(KEY);
    }

    @Test
    default void history_ofTypes_isInOrderOfInstantTypeAndId() {
        List<ResourceVersion> written = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (String id : List.of("p2", "p1", "p3")) {
                written.add(put(id, "{name: ['" + round + "']}").current());
            }
            written.add(organization("o1", round));
        }
        written.add(
                store().delete(EVERYONE, KEY, Precondition.none()).orElseThrow().current());
        written.sort(Comparator.comparing(HistoryPosition::of));

        assertThat(store().history(EVERYONE, history(BOTH_TYPES)).versions()).isEqualTo(written);
        assertThat(store().history(EVERYONE, history(new HistoryQuery.Types(Set.of("Organization"))))
                        .versions())
                .hasSize(4);
    }

    @Test
    default void history_pageByPage_hasEachVersionOnce() {
        for (int i = 0; i < 30; i++) {
            put("p" + i % 4, "{name: ['" + i + "']}");
            organization("o" + i % 3, i);
        }

        for (HistoryQuery.Of of : List.of(ONE, BOTH_TYPES)) {
            List<ResourceVersion> all = store().history(EVERYONE, history(of)).versions();
            for (int limit : List.of(1, 3, 7)) {
                assertThat(pages(history(of), limit)).isEqualTo(all);
            }
        }
    }

    @Test
    default void history_exactlyALimitOfVersions_saysThatThereAreNoMore() {
        put("p1", "{}");
        put("p1", "{active: true}");

        assertThat(store().history(EVERYONE, limited(history(ONE), null, 2)).more())
                .isFalse();
        assertThat(store().history(EVERYONE, limited(history(ONE), null, 1)).more())
                .isTrue();
        assertThat(store().history(EVERYONE, limited(history(ONE), null, 0)))
                .isEqualTo(new HistoryPage(List.of(), true));
    }

    @Test
    default void history_largeVersions_endsThePageByItsBytes() {
        String name = "x".repeat(Page.MOST_BYTES * 2 / 5);
        IntStream.range(0, 5).forEach(i -> put("p1", "{large: '" + name + "', i: " + i + "}"));

        List<List<Long>> pages = new ArrayList<>();
        HistoryPage page = store().history(EVERYONE, history(ONE));
        while (page.more()) {
            pages.add(numbers(page));
            page = store().history(EVERYONE, limited(history(ONE), end(page), 100));
        }
        pages.add(numbers(page));

        assertThat(pages).containsExactly(List.of(5L, 4L), List.of(3L, 2L), List.of(1L));
    }

    @Test
    default void history_since_beginsWithThatInstant() {
        List<ResourceVersion> written = updateDeleteAndPutAgain();
        Instant second = written.get(1).from();

        assertThat(versions(EVERYONE, since(second))).containsExactly(4L, 3L, 2L);
        assertThat(versions(EVERYONE, since(second.plusNanos(1)))).containsExactly(4L, 3L);
        assertThat(versions(EVERYONE, since(second.minusNanos(1)))).containsExactly(4L, 3L, 2L);
    }

    @Test
    default void history_until_endsWithThatInstant() {
        List<ResourceVersion> written = updateDeleteAndPutAgain();
        Instant second = written.get(1).from();

        assertThat(versions(EVERYONE, until(second))).containsExactly(2L, 1L);
        assertThat(versions(EVERYONE, until(second.minusNanos(1)))).containsExactly(1L);
        assertThat(versions(EVERYONE, until(Instant.EPOCH))).isEmpty();
    }

    @Test
    default void history_oldestFirst_isTheSameTheOtherWayRound_pageByPage() {
        updateDeleteAndPutAgain();
        IntStream.range(0, 5).forEach(i -> organization("o" + i, i));
        IntStream.range(0, 5).forEach(i -> organization("o" + i, -i - 1));
        List<ResourceVersion> newestFirst =
                store().history(EVERYONE, history(BOTH_TYPES)).versions();
        List<ResourceVersion> expected = new ArrayList<>(newestFirst);
        Collections.reverse(expected);

        for (int limit : new int[] {1, 3, 100}) {
            List<ResourceVersion> seen = new ArrayList<>();
            HistoryPage page = store().history(EVERYONE, oldestFirst(null, null, limit));
            seen.addAll(page.versions());
            while (page.more()) {
                page = store().history(EVERYONE, oldestFirst(null, end(page), limit));
                seen.addAll(page.versions());
            }
            assertThat(seen).as("pages of %s", limit).isEqualTo(expected);
        }
        Instant since = expected.get(6).from();
        assertThat(store().history(EVERYONE, oldestFirst(since, null, 100)).versions())
                .isEqualTo(expected.stream()
                        .filter(version -> !version.from().isBefore(since))
                        .toList());
    }

    @Test
    default void history_at_isWhatWasCurrentInThatTime() {
        List<ResourceVersion> written = updateDeleteAndPutAgain();
        Instant first = written.get(0).from();
        Instant second = written.get(1).from();
        Instant fourth = written.get(3).from();

        for (HistoryQuery.Of of : List.of(ONE, BOTH_TYPES)) {
            assertThat(versions(EVERYONE, at(of, second, second.plusNanos(1)))).containsExactly(2L);
            assertThat(versions(EVERYONE, at(of, first, second))).containsExactly(1L);
            assertThat(versions(EVERYONE, at(of, first, second.plusMillis(1)))).containsExactly(2L, 1L);
            assertThat(versions(EVERYONE, at(of, second, fourth))).containsExactly(3L, 2L);
            assertThat(versions(EVERYONE, at(of, fourth.plusSeconds(5), fourth.plusSeconds(6))))
                    .containsExactly(4L);
            assertThat(versions(EVERYONE, at(of, Instant.EPOCH, first))).isEmpty();
        }
    }

    @Test
    default void history_atATimeAfterUntil_isWhatHeldAtUntil() {
        List<ResourceVersion> written = updateDeleteAndPutAgain();
        Instant second = written.get(1).from();
        Instant fourth = written.get(3).from();

        for (HistoryQuery.Of of : List.of(ONE, BOTH_TYPES)) {
            HistoryQuery later = at(of, fourth.plusSeconds(5), fourth.plusSeconds(6));
            assertThat(versions(
                            EVERYONE,
                            new HistoryQuery(of, null, later.at(), second, null, later.limit(), later.deadline())))
                    .containsExactly(2L);
        }
    }

    @Test
    default void history_scope_isHeldAgainstEachVersionAndAgainstTheCurrentOne() {
        put("p1", "{active: true}");
        put("p1", "{active: false}");
        put("p1", "{active: true, name: ['Anne']}");
        put("p2", "{active: true}");
        put("p2", "{active: false}");
        put("p3", "{active: true}");
        store().delete(EVERYONE, new ResourceKey("Practitioner", "p3"), Precondition.none());

        for (HistoryQuery.Of of : List.of(ONE, BOTH_TYPES)) {
            assertThat(versions(active(), history(of))).containsExactly(3L, 1L);
            assertThat(store().history(active(), history(of)).versions())
                    .extracting(ResourceVersion::key)
                    .containsOnly(KEY);
        }
    }

    @Test
    default void history_scopeThatShowsLittle_fillsItsPages() {
        put("p1", "{active: true}");
        IntStream.range(0, 12).forEach(i -> {
            put("q" + i, "{active: true}");
            put("q" + i, "{active: false}");
        });
        put("p1", "{active: true, name: ['Anne']}");

        HistoryPage page = store().history(active(), limited(history(BOTH_TYPES), null, 2));

        assertThat(numbers(page)).containsExactly(2L, 1L);
        assertThat(page.more()).isFalse();
    }

    // ---- what the tests are written with

    /** Four versions of p1, of which the third is a deletion. */
    private List<ResourceVersion> updateDeleteAndPutAgain() {
        return List.of(
                put("p1", "{name: ['Anne']}").current(),
                put("p1", "{name: ['Anna']}").current(),
                store().delete(EVERYONE, KEY, Precondition.none()).orElseThrow().current(),
                put("p1", "{name: ['Anne']}").current());
    }

    private ResourceVersion organization(String id, int number) {
        ResourceKey key = new ResourceKey("Organization", id);
        return store().put(EVERYONE, key, fhir(id, "{name: ['" + number + "']}"), Precondition.none())
                .current();
    }

    private List<ResourceVersion.Origin> origins() {
        return store().history(EVERYONE, history(ONE)).versions().stream()
                .flatMap(version -> version instanceof ResourceVersion.Live live
                        ? Optional.of(live.origin()).stream()
                        : Optional.<ResourceVersion.Origin>empty().stream())
                .toList();
    }

    private List<ResourceVersion> pages(HistoryQuery query, int limit) {
        List<ResourceVersion> seen = new ArrayList<>();
        HistoryPage page = store().history(EVERYONE, limited(query, null, limit));
        seen.addAll(page.versions());
        while (page.more()) {
            assertThat(page.versions()).hasSize(limit);
            page = store().history(EVERYONE, limited(query, end(page), limit));
            seen.addAll(page.versions());
        }
        return seen;
    }

    private HistoryQuery history(HistoryQuery.Of of) {
        return new HistoryQuery(of, null, null, Instant.now().plusSeconds(60), null, 100, soon());
    }

    private HistoryQuery oldestFirst(@Nullable Instant since, @Nullable HistoryPosition after, int limit) {
        return new HistoryQuery(BOTH_TYPES, since, null, Instant.now().plusSeconds(60), after, limit, soon(), true);
    }

    private HistoryQuery since(Instant since) {
        return new HistoryQuery(ONE, since, null, Instant.now().plusSeconds(60), null, 100, soon());
    }

    private HistoryQuery until(Instant until) {
        return new HistoryQuery(ONE, null, null, until, null, 100, soon());
    }

    private HistoryQuery at(HistoryQuery.Of of, Instant start, Instant end) {
        HistoryQuery.During during = new HistoryQuery.During(start, end);
        return new HistoryQuery(of, null, during, Instant.now().plusSeconds(60), null, 100, soon());
    }

    private static HistoryQuery limited(HistoryQuery query, @Nullable HistoryPosition after, int limit) {
        return new HistoryQuery(query.of(), query.since(), query.at(), query.until(), after, limit, query.deadline());
    }

    private static HistoryPosition end(HistoryPage page) {
        return HistoryPosition.of(page.versions().get(page.versions().size() - 1));
    }

    private List<Long> versions(Caller caller, HistoryQuery query) {
        return numbers(store().history(caller, query));
    }

    private static List<Long> numbers(HistoryPage page) {
        return page.versions().stream().map(ResourceVersion::version).toList();
    }

    private Caller active() {
        return ContractStore.only(token("active", "true"));
    }
}
