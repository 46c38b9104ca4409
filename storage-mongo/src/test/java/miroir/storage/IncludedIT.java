package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;
import miroir.index.search.Inclusion;
import miroir.index.search.Order;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is included where there is more than is answered, and as at an instant. {@link LinkedSearchesIT} has what is found at all. */
@ExtendWith(MongoExtension.class)
final class IncludedIT {
    private static final String TYPE = "Organization";
    private static final String REFERENCE = "t_partof-reference";
    private static final int MEGABYTE = 1_000_000;

    private final MongoResourceStore store;

    IncludedIT(TestDatabase database) {
        OpenStores.inside(database, inside -> inside.drop());
        store = OpenStores.ready(database);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void include_moreRefersToAMatchThanIsAnswered_hasWhatTheMatchRefersTo() {
        put("above", "");
        put("match", "above");
        IntStream.range(0, 5).forEach(i -> put("below" + i, "match"));

        Page page = include(matches(null, "match"), 2, null, Direction.REFERRED_BY, Direction.REFERS_TO);

        assertThat(ids(page)).hasSize(2).contains("above");
        assertThat(page.more()).isTrue();
    }

    @Test
    void include_mostOfWhatRefersToThePageIsOnIt_findsTheOther() {
        put("a", "");
        List.of("b", "c", "d").forEach(id -> put(id, "a"));
        put("other", "a");

        Page page = include(matches(null, "a", "b", "c", "d"), 1, null, Direction.REFERRED_BY);

        assertThat(ids(page)).containsExactly("other");
        assertThat(page.more()).isFalse();
    }

    @Test
    void include_moreBytesThanAPageHas_saysSo() {
        put("a", "");
        List.of("large", "larger", "largest").forEach(id -> put(id, "a", "x".repeat(5 * MEGABYTE)));

        Page page = include(matches(null, "a"), 100, null, Direction.REFERRED_BY);

        assertThat(page.resources()).isNotEmpty().hasSizeLessThan(3);
        assertThat(page.more()).isTrue();
    }

    @Test
    void include_asAtAnInstant_goesByWhatWasSaidThen() {
        put("before", "");
        put("after", "");
        put("match", "before");
        Instant then = store.settled(Caller.everyone(), Duration.ofSeconds(5), soon());
        put("match", "after");

        assertThat(ids(include(matches(then, "match"), 10, then, Direction.REFERS_TO)))
                .containsExactly("before");
        Page referring = include(matches(then, "before"), 10, then, Direction.REFERRED_BY);
        assertThat(ids(referring)).containsExactly("match");
        assertThat(referring.resources().get(0).version()).isEqualTo(1);
        assertThat(ids(include(matches(null, "match"), 10, null, Direction.REFERS_TO)))
                .containsExactly("after");
    }

    private void put(String id, String partOf) {
        put(id, partOf, id);
    }

    private void put(String id, String partOf, String name) {
        String reference = partOf.isEmpty() ? "" : ", partOf: {reference: '" + TYPE + "/" + partOf + "'}";
        RawBsonDocument fhir = RawBsonDocument.parse(
                "{resourceType: '" + TYPE + "', id: '" + id + "', text: '" + name + "'" + reference + "}");
        store.put(Caller.everyone(), new ResourceKey(TYPE, id), fhir, Precondition.none());
    }

    private List<ResourceVersion.Live> matches(@Nullable Instant asOf, String... ids) {
        PageQuery query = new PageQuery(
                TYPE, Condition.In.texts(StoredFields.ID, List.of(ids)), Order.BY_POSITION, null, 100, asOf, soon());
        return store.select(Caller.everyone(), query).resources();
    }

    private Page include(
            List<ResourceVersion.Live> matches, int limit, @Nullable Instant asOf, Direction... directions) {
        List<Inclusion> inclusions = List.of(directions).stream()
                .map(direction -> new Inclusion(direction, TYPE, REFERENCE, List.of(), false))
                .toList();
        return store.include(Caller.everyone(), new InclusionQuery(matches, inclusions, limit, asOf, soon()));
    }

    private static List<String> ids(Page page) {
        return page.resources().stream().map(each -> each.key().id()).toList();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofMinutes(1));
    }
}
