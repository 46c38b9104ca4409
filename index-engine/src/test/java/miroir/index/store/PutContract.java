package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

/** What a write keeps, numbers and refuses. */
interface PutContract extends ContractStore {

    @Test
    default void read_unusedId_isEmpty() {
        assertThat(store().read(EVERYONE, KEY)).isEmpty();
    }

    @Test
    default void read_sameIdOfAnotherType_isEmpty() {
        put("p1", "{}");

        assertThat(store().read(EVERYONE, new ResourceKey("Organization", "p1")))
                .isEmpty();
    }

    @Test
    default void read_afterPut_returnsWhatPutReturned() {
        Written written = put("p1", "{name: ['Anne']}");

        assertThat(store().read(EVERYONE, KEY)).contains(written.current());
    }

    @Test
    default void size_ofWhatIsKept_isSomething() {
        put("p1", "{name: ['Anne']}");

        Deadline deadline = Deadline.in(Duration.ofSeconds(10));
        assertThat(store().size(KEY.type(), deadline).current()).isPositive();
        assertThat(store().size("Nothing", deadline)).isEqualTo(StoredSize.NONE);
    }

    @Test
    default void put_newId_createsVersionOne() {
        Written written = put("p1", "{}");

        assertThat(written.effect()).isEqualTo(Written.Effect.CREATED);
        assertThat(written.current().version()).isEqualTo(1);
        assertThat(written.current().key()).isEqualTo(KEY);
    }

    @Test
    default void put_noMeta_insertsItAfterTheId() {
        ResourceVersion.Live live = live(put("p1", "{name: ['Anne'], active: true}"));

        assertThat(live.fhir().keySet()).containsExactly("resourceType", "id", "meta", "name", "active");
        assertThat(live.fhir().getDocument("meta").keySet()).containsExactly("versionId", "lastUpdated");
    }

    @Test
    default void put_metaWithOtherElements_keepsThemAndTheirOrder() {
        ResourceVersion.Live live = live(put(
                "p1",
                "{name: ['Anne'], meta: {id: 'i', extension: [{url: 'u'}], tag: [{code: 'a'}], profile: ['p']}}"));

        assertThat(live.fhir().keySet()).containsExactly("resourceType", "id", "name", "meta");
        assertThat(live.fhir().getDocument("meta").keySet())
                .containsExactly("id", "extension", "versionId", "lastUpdated", "tag", "profile");
    }

    @Test
    default void put_metaWithVersionAndInstant_replacesThem() {
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
    default void put_lastUpdated_isTheCommitInstantWithZoneAndMilliseconds() {
        ResourceVersion.Live live = live(put("p1", "{}"));

        String lastUpdated =
                live.fhir().getDocument("meta").getString("lastUpdated").getValue();
        assertThat(lastUpdated).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+0[12]:00");
        assertThat(OffsetDateTime.parse(lastUpdated).toInstant()).isEqualTo(live.from());
    }

    @Test
    default void put_anyContent_keepsOrderDecimalsAndUnicode() {
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

    @Test
    default void put_changedContent_makesTheNextVersionAtTheSamePosition() {
        ResourceVersion.Live first = live(put("p1", "{name: ['Anne']}"));
        Written written = put("p1", "{name: ['Anna']}");

        ResourceVersion.Live second = live(written);
        assertThat(written.effect()).isEqualTo(Written.Effect.UPDATED);
        assertThat(second.version()).isEqualTo(2);
        assertThat(second.position()).isEqualTo(first.position());
        assertThat(second.from()).isAfter(first.from());
    }

    @Test
    default void put_sameContent_makesNoVersion() {
        Written first = put("p1", "{name: ['Anne']}");
        Written again = put("p1", "{name: ['Anne']}");

        assertThat(again.effect()).isEqualTo(Written.Effect.UNCHANGED);
        assertThat(again.current()).isEqualTo(first.current());
    }

    @Test
    default void put_whatWasRead_makesNoVersion() {
        ResourceVersion.Live first = live(put("p1", "{meta: {source: 's'}, name: ['Anne']}"));

        Written again = store().put(EVERYONE, KEY, first.fhir(), Precondition.none());

        assertThat(again.effect()).isEqualTo(Written.Effect.UNCHANGED);
    }

    @Test
    default void put_decimalWithAnotherScale_makesAVersion() {
        put("p1", "{value: {$numberDecimal: '1.1'}}");

        assertThat(put("p1", "{value: {$numberDecimal: '1.10'}}").effect()).isEqualTo(Written.Effect.UPDATED);
    }

    @Test
    default void put_otherTagInMeta_makesAVersion() {
        put("p1", "{meta: {tag: [{code: 'a'}]}}");

        assertThat(put("p1", "{meta: {tag: [{code: 'b'}]}}").effect()).isEqualTo(Written.Effect.UPDATED);
    }

    @Test
    default void put_manyVersionsAtOnce_haveIncreasingInstants() {
        List<Instant> instants = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            instants.add(put("p1", "{name: ['" + i + "']}").current().from());
        }

        assertThat(instants).isSorted().doesNotHaveDuplicates();
    }

    @Test
    default void put_versionMatches_updates() {
        put("p1", "{name: ['Anne']}");

        assertThat(put("p1", "{name: ['Anna']}", Precondition.versionIs(1))
                        .current()
                        .version())
                .isEqualTo(2);
    }

    @Test
    default void put_versionAmongSeveral_updates() {
        put("p1", "{name: ['Anne']}");

        Written written = put("p1", "{name: ['Anna']}", Precondition.versionIsAmong(Set.of(7L, 1L)));
        assertThat(written.current().version()).isEqualTo(2);
        refused(
                Refusal.Reason.PRECONDITION_FAILED,
                () -> put("p1", "{name: ['Hanna']}", Precondition.versionIsAmong(Set.of(7L, 1L))));
        assertThat(store().read(EVERYONE, KEY)).contains(written.current());
    }

    @Test
    default void put_presenceRequired_updatesAndCreatesNothing() {
        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{}", Precondition.present()));
        assertThat(store().read(EVERYONE, KEY)).isEmpty();
        put("p1", "{}");

        assertThat(put("p1", "{active: true}", Precondition.present()).effect()).isEqualTo(Written.Effect.UPDATED);
        store().delete(EVERYONE, KEY, Precondition.none());
        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{}", Precondition.present()));
    }

    @Test
    default void put_versionDiffers_isRefusedAndChangesNothing() {
        Written first = put("p1", "{name: ['Anne']}");

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{name: ['Anna']}", Precondition.versionIs(2)));
        assertThat(store().read(EVERYONE, KEY)).contains(first.current());
    }

    @Test
    default void put_versionGivenForUnusedId_isRefused() {
        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{}", Precondition.versionIs(1)));
        assertThat(store().read(EVERYONE, KEY)).isEmpty();
    }

    @Test
    default void put_versionOfDeletionGiven_bringsBackWhatNobodyElseDid() {
        put("p1", "{}");
        store().delete(EVERYONE, KEY, Precondition.none());

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{}", Precondition.versionIs(1)));
        assertThat(store().read(EVERYONE, KEY)).get().isInstanceOf(ResourceVersion.Deleted.class);
        assertThat(put("p1", "{}", Precondition.versionIs(2)).current().version())
                .isEqualTo(3);
        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{}", Precondition.versionIs(2)));
    }

    @Test
    default void put_absentRequired_createsOnceThenRefuses() {
        assertThat(put("p1", "{}", Precondition.absent()).effect()).isEqualTo(Written.Effect.CREATED);

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> put("p1", "{active: true}", Precondition.absent()));
    }

    @Test
    default void delete_versionDiffers_isRefused() {
        put("p1", "{}");

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> store().delete(EVERYONE, KEY, Precondition.versionIs(7)));
        assertThat(store().read(EVERYONE, KEY)).get().isInstanceOf(ResourceVersion.Live.class);
    }
}
