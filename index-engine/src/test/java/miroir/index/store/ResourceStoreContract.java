package miroir.index.store;

import static miroir.index.search.Condition.Comparison.AT_LEAST;
import static miroir.index.search.Condition.Comparison.AT_MOST;
import static miroir.index.search.Condition.Comparison.GREATER;
import static miroir.index.search.Condition.Comparison.LESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ResourceStore} promises. A store's own test extends this and opens the store, empty before each test,
 * with {@link ContractFields} and the zone {@link #ZONE}.
 */
public abstract class ResourceStoreContract {

    /** The zone in which {@code meta.lastUpdated} is written. */
    protected static final ZoneId ZONE = ZoneId.of("Europe/Paris");

    private static final Caller EVERYONE = Caller.everyone();
    private static final ResourceKey KEY = new ResourceKey("Practitioner", "p1");

    /** The store under test, holding nothing when a test begins. */
    protected abstract ResourceStore store();

    // ---- read

    @Test
    void read_unusedId_isEmpty() {
        assertThat(store().read(EVERYONE, KEY)).isEmpty();
    }

    @Test
    void read_sameIdOfAnotherType_isEmpty() {
        put("p1", "{}");

        assertThat(store().read(EVERYONE, new ResourceKey("Organization", "p1")))
                .isEmpty();
    }

    @Test
    void read_afterPut_returnsWhatPutReturned() {
        Written written = put("p1", "{name: ['Anne']}");

        assertThat(store().read(EVERYONE, KEY)).contains(written.current());
    }

    // ---- content

    @Test
    void put_newId_createsVersionOne() {
        Written written = put("p1", "{}");

        assertThat(written.effect()).isEqualTo(Written.Effect.CREATED);
        assertThat(written.current().version()).isEqualTo(1);
        assertThat(written.current().key()).isEqualTo(KEY);
    }

    @Test
    void put_noMeta_insertsItAfterTheId() {
        ResourceVersion.Live live = live(put("p1", "{name: ['Anne'], active: true}"));

        assertThat(live.fhir().keySet()).containsExactly("resourceType", "id", "meta", "name", "active");
        assertThat(live.fhir().getDocument("meta").keySet()).containsExactly("versionId", "lastUpdated");
    }

    @Test
    void put_metaWithOtherElements_keepsThemAndTheirOrder() {
        ResourceVersion.Live live = live(put(
                "p1",
                "{name: ['Anne'], meta: {id: 'i', extension: [{url: 'u'}], tag: [{code: 'a'}], profile: ['p']}}"));

        assertThat(live.fhir().keySet()).containsExactly("resourceType", "id", "name", "meta");
        assertThat(live.fhir().getDocument("meta").keySet())
                .containsExactly("id", "extension", "versionId", "lastUpdated", "tag", "profile");
    }

    @Test
    void put_metaWithVersionAndInstant_replacesThem() {
        ResourceVersion.Live live =
                live(put("p1", "{meta: {versionId: '77', lastUpdated: '1999-01-01T00:00:00Z', source: 's'}}"));

        assertThat(live.fhir().getDocument("meta").getString("versionId").getValue())
                .isEqualTo("1");
        assertThat(live.fhir().getDocument("meta").getString("source").getValue())
                .isEqualTo("s");
        assertThat(live.fhir().getDocument("meta").getString("lastUpdated").getValue())
                .doesNotStartWith("1999");
    }

    @Test
    void put_lastUpdated_isTheCommitInstantWithZoneAndMilliseconds() {
        ResourceVersion.Live live = live(put("p1", "{}"));

        String lastUpdated =
                live.fhir().getDocument("meta").getString("lastUpdated").getValue();
        assertThat(lastUpdated).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+0[12]:00");
        assertThat(OffsetDateTime.parse(lastUpdated).toInstant()).isEqualTo(live.from());
    }

    @Test
    void put_anyContent_keepsOrderDecimalsAndUnicode() {
        String body =
                "{zeta: {$numberDecimal: '1.10'}, alpha: '\uD83E\uDE7A é', list: [{b: 1, a: {$numberDecimal: '0.0'}}]}";
        RawBsonDocument fhir = live(put("p1", body)).fhir();

        assertThat(fhir.keySet()).containsExactly("resourceType", "id", "meta", "zeta", "alpha", "list");
        assertThat(fhir.getDecimal128("zeta").getValue()).hasToString("1.10");
        assertThat(fhir.getString("alpha").getValue()).isEqualTo("\uD83E\uDE7A é");
        assertThat(fhir.getArray("list").get(0).asDocument().keySet()).containsExactly("b", "a");
        assertThat(fhir.getArray("list").get(0).asDocument().getDecimal128("a").getValue())
                .hasToString("0.0");
    }

    // ---- versions

    @Test
    void put_changedContent_makesTheNextVersionAtTheSamePosition() {
        ResourceVersion.Live first = live(put("p1", "{name: ['Anne']}"));
        Written written = put("p1", "{name: ['Anna']}");

        ResourceVersion.Live second = live(written);
        assertThat(written.effect()).isEqualTo(Written.Effect.UPDATED);
        assertThat(second.version()).isEqualTo(2);
        assertThat(second.position()).isEqualTo(first.position());
        assertThat(second.from()).isAfter(first.from());
    }

    @Test
    void put_sameContent_makesNoVersion() {
        Written first = put("p1", "{name: ['Anne']}");
        Written again = put("p1", "{name: ['Anne']}");

        assertThat(again.effect()).isEqualTo(Written.Effect.UNCHANGED);
        assertThat(again.current()).isEqualTo(first.current());
    }

    @Test
    void put_whatWasRead_makesNoVersion() {
        ResourceVersion.Live first = live(put("p1", "{meta: {source: 's'}, name: ['Anne']}"));

        Written again = store().put(EVERYONE, KEY, first.fhir(), Precondition.none());

        assertThat(again.effect()).isEqualTo(Written.Effect.UNCHANGED);
    }

    @Test
    void put_decimalWithAnotherScale_makesAVersion() {
        put("p1", "{value: {$numberDecimal: '1.1'}}");

        assertThat(put("p1", "{value: {$numberDecimal: '1.10'}}").effect()).isEqualTo(Written.Effect.UPDATED);
    }

    @Test
    void put_otherTagInMeta_makesAVersion() {
        put("p1", "{meta: {tag: [{code: 'a'}]}}");

        assertThat(put("p1", "{meta: {tag: [{code: 'b'}]}}").effect()).isEqualTo(Written.Effect.UPDATED);
    }

    @Test
    void put_manyVersionsAtOnce_haveIncreasingInstants() {
        List<Instant> instants = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            instants.add(put("p1", "{name: ['" + i + "']}").current().from());
        }

        assertThat(instants).isSorted().doesNotHaveDuplicates();
    }

    // ---- preconditions

    @Test
    void put_versionMatches_updates() {
        put("p1", "{name: ['Anne']}");

        assertThat(put("p1", "{name: ['Anna']}", Precondition.versionIs(1))
                        .current()
                        .version())
                .isEqualTo(2);
    }

    @Test
    void put_versionDiffers_isRefusedAndChangesNothing() {
        Written first = put("p1", "{name: ['Anne']}");

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{name: ['Anna']}", Precondition.versionIs(2)));
        assertThat(store().read(EVERYONE, KEY)).contains(first.current());
    }

    @Test
    void put_versionGivenForUnusedId_isRefused() {
        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{}", Precondition.versionIs(1)));
        assertThat(store().read(EVERYONE, KEY)).isEmpty();
    }

    @Test
    void put_versionOfDeletionGiven_isRefusedAndStaysDeleted() {
        put("p1", "{}");
        store().delete(EVERYONE, KEY, Precondition.none());

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{}", Precondition.versionIs(2)));
        assertThat(store().read(EVERYONE, KEY)).get().isInstanceOf(ResourceVersion.Deleted.class);
    }

    @Test
    void put_absentRequired_createsOnceThenRefuses() {
        assertThat(put("p1", "{}", Precondition.absent()).effect()).isEqualTo(Written.Effect.CREATED);

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{active: true}", Precondition.absent()));
    }

    @Test
    void delete_versionDiffers_isRefused() {
        put("p1", "{}");

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> store().delete(EVERYONE, KEY, Precondition.versionIs(7)));
        assertThat(store().read(EVERYONE, KEY)).get().isInstanceOf(ResourceVersion.Live.class);
    }

    // ---- deletion

    @Test
    void delete_unusedId_isEmpty() {
        assertThat(store().delete(EVERYONE, KEY, Precondition.none())).isEmpty();
    }

    @Test
    void delete_live_isAVersion() {
        Written created = put("p1", "{}");
        Optional<Written> deleted = store().delete(EVERYONE, KEY, Precondition.none());

        assertThat(deleted).map(Written::effect).contains(Written.Effect.DELETED);
        ResourceVersion version = deleted.orElseThrow().current();
        assertThat(version).isInstanceOf(ResourceVersion.Deleted.class);
        assertThat(version.version()).isEqualTo(2);
        assertThat(version.from()).isAfter(created.current().from());
        assertThat(store().read(EVERYONE, KEY)).contains(version);
    }

    @Test
    void delete_twice_makesNoVersion() {
        put("p1", "{}");
        Optional<Written> first = store().delete(EVERYONE, KEY, Precondition.none());
        Optional<Written> second = store().delete(EVERYONE, KEY, Precondition.none());

        assertThat(second).map(Written::effect).contains(Written.Effect.ALREADY_DELETED);
        assertThat(second.orElseThrow().current()).isEqualTo(first.orElseThrow().current());
    }

    @Test
    void put_afterDeletion_continuesVersionsAtTheSamePosition() {
        ResourceVersion.Live first = live(put("p1", "{name: ['Anne']}"));
        store().delete(EVERYONE, KEY, Precondition.none());
        Written again = put("p1", "{name: ['Anne']}", Precondition.absent());

        assertThat(again.effect()).isEqualTo(Written.Effect.CREATED);
        assertThat(live(again).version()).isEqualTo(3);
        assertThat(live(again).position()).isEqualTo(first.position());
    }

    @Test
    void select_deleted_isNotFound() {
        put("p1", "{name: ['Anne']}");
        put("p2", "{name: ['Anne']}");
        store().delete(EVERYONE, KEY, Precondition.none());

        assertThat(ids(Condition.all())).containsExactly("p2");
        assertThat(ids(new Condition.Text("t_name", "anne", false))).containsExactly("p2");
        assertThat(ids(new Condition.Not(new Condition.Exists("t_active-value"))))
                .containsExactly("p2");
        assertThat(count(Condition.all(), 10)).isEqualTo(new Total(1, true));
    }

    // ---- pages

    @Test
    void select_everything_isInOrderOfCreation() {
        for (String id : List.of("z", "a", "m")) {
            put(id, "{}");
        }
        put("a", "{active: true}");

        assertThat(ids(Condition.all())).containsExactly("z", "a", "m");
    }

    @Test
    void select_pageByPage_meetsEachResourceOnce() {
        IntStream.range(0, 25).forEach(i -> put("p" + i, "{active: " + (i % 2 == 0) + "}"));

        List<String> seen = new ArrayList<>();
        long after = 0;
        boolean more = true;
        while (more) {
            Page page = select(token("active", "true"), after, 4);
            page.resources().forEach(live -> seen.add(live.key().id()));
            after = page.resources().get(page.resources().size() - 1).position();
            more = page.more();
        }

        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, 25)
                        .filter(i -> i % 2 == 0)
                        .mapToObj(i -> "p" + i)
                        .toList());
    }

    @Test
    void select_exactlyALimitOfMatches_saysThatThereAreNoMore() {
        put("p1", "{}");
        put("p2", "{}");

        assertThat(select(Condition.all(), 0, 2).more()).isFalse();
        assertThat(select(Condition.all(), 0, 1).more()).isTrue();
    }

    @Test
    void select_largeResources_endsThePageByItsBytes() {
        String name = "x".repeat(Page.MOST_BYTES * 2 / 5);
        IntStream.range(0, 5).forEach(i -> put("p" + i, "{large: '" + name + "'}"));

        List<List<String>> pages = new ArrayList<>();
        Page page = select(Condition.all(), 0, 100);
        while (page.more()) {
            pages.add(idsOf(page));
            page = select(
                    Condition.all(),
                    page.resources().get(page.resources().size() - 1).position(),
                    100);
        }
        pages.add(idsOf(page));

        assertThat(pages).containsExactly(List.of("p0", "p1"), List.of("p2", "p3"), List.of("p4"));
    }

    @Test
    void select_resourceLargerThanAPage_isAPageOfItsOwn() {
        put("p0", "{large: '" + "x".repeat(Page.MOST_BYTES) + "'}");
        put("p1", "{}");

        Page first = select(Condition.all(), 0, 100);

        assertThat(idsOf(first)).containsExactly("p0");
        assertThat(first.more()).isTrue();
    }

    @Test
    void select_found_isWhatReadReturns() {
        ResourceVersion written = put("p1", "{name: ['Anne'], active: true}").current();

        assertThat(select(token("active", "true"), 0, 10).resources()).containsExactly((ResourceVersion.Live) written);
    }

    @Test
    void select_typeWithoutResources_isEmpty() {
        put("p1", "{}");

        assertThat(store().select(EVERYONE, new PageQuery("Organization", Condition.all(), 0, 5, soon()))
                        .resources())
                .isEmpty();
    }

    // ---- conditions

    @Test
    void select_none_findsNothing() {
        put("p1", "{}");

        assertThat(ids(Condition.none())).isEmpty();
        assertThat(count(Condition.none(), 10)).isEqualTo(new Total(0, true));
    }

    @Test
    void select_ids_findsThem() {
        putThree();

        assertThat(ids(new Condition.In("_id", strings("p3", "p1", "nobody")))).containsExactly("p1", "p3");
    }

    @Test
    void select_token_findsOneOfSeveralValues() {
        put("p1", "{identifier: [{system: 's', value: '1'}, {system: 't', value: '2'}]}");
        put("p2", "{identifier: [{system: 's', value: '2'}]}");
        put("p3", "{}");

        assertThat(ids(token("identifier", "2"))).containsExactly("p1", "p2");
        assertThat(ids(token("identifier", "1"))).containsExactly("p1");
        assertThat(ids(new Condition.In("t_identifier-value", strings("1", "2"))))
                .containsExactly("p1", "p2");
        assertThat(ids(new Condition.And(
                        List.of(token("identifier", "2"), new Condition.In("t_identifier-sysval", strings("t|2"))))))
                .containsExactly("p1");
    }

    @Test
    void select_not_findsThoseWithoutTheFieldAsWell() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        put("p3", "{}");

        assertThat(ids(new Condition.Not(token("active", "true")))).containsExactly("p2", "p3");
        assertThat(ids(new Condition.Not(new Condition.In("t_active-value", strings("true", "false")))))
                .containsExactly("p3");
        assertThat(ids(new Condition.Not(new Condition.Not(token("active", "true")))))
                .containsExactly("p1");
    }

    @Test
    void select_notOfAnd_isNotAndOfNots() {
        put("p1", "{active: true, name: ['Anne']}");
        put("p2", "{active: true}");
        put("p3", "{}");

        assertThat(ids(new Condition.Not(
                        new Condition.And(List.of(token("active", "true"), new Condition.Exists("t_name"))))))
                .containsExactly("p2", "p3");
        assertThat(ids(new Condition.Not(
                        new Condition.Or(List.of(token("active", "true"), new Condition.Exists("t_name"))))))
                .containsExactly("p3");
    }

    @Test
    void select_exists_findsThoseWithTheField() {
        putThree();

        assertThat(ids(new Condition.Exists("t_birthdate"))).containsExactly("p1", "p2");
        assertThat(ids(new Condition.Not(new Condition.Exists("t_birthdate")))).containsExactly("p3");
    }

    @Test
    void select_text_findsPrefixesAndInfixes() {
        putThree();

        assertThat(ids(new Condition.Text("t_name", "mar", false))).containsExactly("p1", "p2");
        assertThat(ids(new Condition.Text("t_name", "marti", false))).containsExactly("p1");
        assertThat(ids(new Condition.Text("t_name", "arti", false))).isEmpty();
        assertThat(ids(new Condition.Text("t_name", "arti", true))).containsExactly("p1");
        assertThat(ids(new Condition.Text("t_name", "in", true))).containsExactly("p1", "p2");
        assertThat(ids(new Condition.Text("t_name", "m", false))).containsExactly("p1", "p2");
    }

    @Test
    void select_textWithGramsOfTwoNames_isNotFound() {
        put("p1", "{name: ['abcx', 'xbcd']}");

        assertThat(ids(new Condition.Text("t_name", "abcd", false))).isEmpty();
        assertThat(ids(new Condition.Text("t_name", "abcd", true))).isEmpty();
    }

    @Test
    void select_textThatLooksLikeAPattern_isTakenLetterByLetter() {
        put("p1", "{name: ['a.*b (x) \\\\\\\\E [$] ^', 'other']}");
        put("p2", "{name: ['aXXb']}");

        assertThat(ids(new Condition.Text("t_name", "a.*b", false))).containsExactly("p1");
        assertThat(ids(new Condition.Text("t_name", "(x)", true))).containsExactly("p1");
        assertThat(ids(new Condition.Text("t_name", "\\e [$] ^", true))).containsExactly("p1");
        assertThat(ids(new Condition.Text("t_name", "a.*", true))).containsExactly("p1");
        assertThat(ids(new Condition.StartsWith("t_name", "a.*"))).containsExactly("p1");
    }

    @Test
    void select_valueThatLooksLikeAnOperator_isTakenAsAValue() {
        put("p1", "{identifier: [{system: 's', value: '$ne'}]}");
        put("p2", "{identifier: [{system: 's', value: '2'}]}");

        assertThat(ids(token("identifier", "$ne"))).containsExactly("p1");
        assertThat(ids(new Condition.In("t_identifier-value", List.of(RawBsonDocument.parse("{$ne: 'x'}")))))
                .isEmpty();
    }

    @Test
    void select_startsWith_comparesLetterByLetter() {
        put("p1", "{url: 'http://a/B/c'}");
        put("p2", "{url: 'http://a/b/c'}");

        assertThat(ids(new Condition.StartsWith("t_url", "http://a/B"))).containsExactly("p1");
        assertThat(ids(new Condition.StartsWith("t_url", "a/B"))).isEmpty();
    }

    @Test
    void select_range_isBetweenItsBounds() {
        Instant first = put("p1", "{}").current().from();
        ResourceVersion second = put("p2", "{}").current();
        put("p2", "{active: true}");
        Instant last = store().read(EVERYONE, new ResourceKey("Practitioner", "p2"))
                .orElseThrow()
                .from();

        assertThat(second.from()).isBefore(last);
        assertThat(ids(updated(new Condition.Bound(AT_LEAST, millis(first))))).containsExactly("p1", "p2");
        assertThat(ids(updated(new Condition.Bound(AT_LEAST, millis(last))))).containsExactly("p2");
        assertThat(ids(updated(new Condition.Bound(GREATER, millis(last))))).isEmpty();
        assertThat(ids(updated(
                        new Condition.Bound(AT_MOST, millis(first)), new Condition.Bound(AT_LEAST, millis(first)))))
                .containsExactly("p1");
        assertThat(ids(updated(new Condition.Bound(LESS, millis(first))))).isEmpty();
    }

    @Test
    void select_element_isMetByOneElementAlone() {
        put("p1", "{birthDate: ['1970-01-01', '1990-01-01']}");
        put("p2", "{birthDate: ['1980-06-01']}");

        assertThat(ids(born("1980-01-01", "1981-01-01"))).containsExactly("p2");
        assertThat(ids(born("1960-01-01", "1981-01-01"))).containsExactly("p1", "p2");
        assertThat(ids(new Condition.Not(born("1960-01-01", "1971-01-01")))).containsExactly("p2");
    }

    @Test
    void select_or_findsEither() {
        putThree();

        assertThat(ids(new Condition.Or(List.of(
                        new Condition.Text("t_name", "martin", false),
                        new Condition.Not(new Condition.Exists("t_name"))))))
                .containsExactly("p1", "p3");
    }

    @Test
    void select_afterAnUpdate_findsTheNewContentAlone() {
        put("p1", "{name: ['Anne']}");
        put("p1", "{name: ['Zoé']}");

        assertThat(ids(new Condition.Text("t_name", "anne", false))).isEmpty();
        assertThat(ids(new Condition.Text("t_name", "zo", false))).containsExactly("p1");
    }

    // ---- totals

    @Test
    void count_upToALimit_saysWhetherItStopped() {
        IntStream.range(0, 12).forEach(i -> put("p" + i, "{active: true}"));

        assertThat(count(token("active", "true"), 12)).isEqualTo(new Total(12, true));
        assertThat(count(token("active", "true"), 5)).isEqualTo(new Total(5, false));
        assertThat(count(Condition.all(), 5)).isEqualTo(new Total(5, false));
        assertThat(count(Condition.all(), Long.MAX_VALUE)).isEqualTo(new Total(12, true));
        assertThat(count(token("active", "false"), Long.MAX_VALUE)).isEqualTo(new Total(0, true));
    }

    // ---- callers

    @Test
    void read_outsideOfTheScope_isEmpty() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        Caller narrow = new Caller(Caller.DEFAULT_TENANT, token("active", "true"));

        assertThat(store().read(narrow, KEY)).isPresent();
        assertThat(store().read(narrow, new ResourceKey("Practitioner", "p2"))).isEmpty();
    }

    @Test
    void select_outsideOfTheScope_isNotFoundNorCounted() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        Caller narrow = new Caller(Caller.DEFAULT_TENANT, token("active", "true"));

        assertThat(store().select(narrow, new PageQuery("Practitioner", Condition.all(), 0, 5, soon()))
                        .resources())
                .extracting(live -> live.key().id())
                .containsExactly("p1");
        assertThat(store().count(narrow, new TotalQuery("Practitioner", Condition.all(), 5, soon())))
                .isEqualTo(new Total(1, true));
    }

    @Test
    void write_outsideOfTheScope_changesNothing() {
        Written hidden = put("p1", "{active: false}");
        Caller narrow = new Caller(Caller.DEFAULT_TENANT, token("active", "true"));

        refused(
                Refusal.Reason.FORBIDDEN,
                () -> store().put(narrow, KEY, fhir("p1", "{active: true}"), Precondition.none()));
        assertThat(store().delete(narrow, KEY, Precondition.none())).isEmpty();
        assertThat(store().read(EVERYONE, KEY)).contains(hidden.current());
    }

    // ---- what the tests are written with

    private void putThree() {
        put("p1", "{name: ['Martin'], birthDate: ['1970-01-01']}");
        put("p2", "{name: ['Marin', 'Zoé'], birthDate: ['1980-01-01']}");
        put("p3", "{active: true}");
    }

    private Written put(String id, String body) {
        return put(id, body, Precondition.none());
    }

    private Written put(String id, String body, Precondition precondition) {
        return store().put(EVERYONE, new ResourceKey("Practitioner", id), fhir(id, body), precondition);
    }

    private static RawBsonDocument fhir(String id, String body) {
        String rest = body.substring(1);
        return RawBsonDocument.parse(
                "{resourceType: 'Practitioner', id: '" + id + "'" + (rest.equals("}") ? "" : ", ") + rest);
    }

    private static ResourceVersion.Live live(Written written) {
        return assertThat(written.current())
                .asInstanceOf(type(ResourceVersion.Live.class))
                .actual();
    }

    private Page select(Condition where, long after, int limit) {
        return store().select(EVERYONE, new PageQuery("Practitioner", where, after, limit, soon()));
    }

    private List<String> ids(Condition where) {
        return idsOf(select(where, 0, 100));
    }

    private static List<String> idsOf(Page page) {
        return page.resources().stream().map(live -> live.key().id()).toList();
    }

    private Total count(Condition where, long atMost) {
        return store().count(EVERYONE, new TotalQuery("Practitioner", where, atMost, soon()));
    }

    private static Condition token(String name, String value) {
        return new Condition.In("t_" + name + "-value", strings(value));
    }

    private static Condition updated(Condition.Bound... bounds) {
        return new Condition.Range("t_lastupdated", List.of(bounds));
    }

    /** An interval that lies within these days. */
    private static Condition born(String from, String to) {
        return new Condition.Element(
                "t_birthdate",
                new Condition.And(List.of(
                        new Condition.Range(
                                "s",
                                List.of(new Condition.Bound(AT_LEAST, new BsonInt64(ContractFields.startOf(from))))),
                        new Condition.Range(
                                "e", List.of(new Condition.Bound(LESS, new BsonInt64(ContractFields.startOf(to))))))));
    }

    private static BsonValue millis(Instant instant) {
        return new BsonInt64(instant.toEpochMilli());
    }

    private static List<BsonValue> strings(String... values) {
        return Stream.of(values).<BsonValue>map(BsonString::new).toList();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    private static void refused(Refusal.Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(type(Refusal.class))
                .extracting(Refusal::reason)
                .isEqualTo(reason);
    }
}
