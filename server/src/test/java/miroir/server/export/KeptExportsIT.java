package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.server.TestServer;
import miroir.server.access.TooOften;
import miroir.server.configuration.ExportConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.MongoResourceStore;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exports as they are kept and cut, without a server. */
@ExtendWith(MongoExtension.class)
final class KeptExportsIT {
    private static final String YAML = "export: {resources: 100}";

    @BeforeEach
    void clear(TestDatabase database) {
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name())
                    .getCollection(KeptExports.COLLECTION)
                    .deleteMany(new Document());
        }
    }

    /** Some of a large one are cut, and then it is another's turn. */
    @Test
    void cutting_whoseTimeIsOver_goesOnLater(TestDatabase database) throws Exception {
        try (Ledger ledger = Ledger.open(TestServer.settings(database));
                MongoResourceStore store = InterruptedExportIT.ready(database)) {
            IntStream.range(0, 250).parallel().forEach(i -> InterruptedExportIT.put(store, "o" + i));
            KeptExports kept = new KeptExports(ledger, InstantSource.system(), Duration.ofHours(24));
            ServerConfiguration configuration = configuration();
            Instant asOf = settled(store);
            kept.begin(
                    Export.begun("slow", InterruptedExportIT.asked(asOf, List.of("Organization"))),
                    "local",
                    configuration.export());
            Lease lease = kept.take("slow", "one", Duration.ofMinutes(1)).orElseThrow();
            ExportSearch search = new ExportSearch(store, configuration.search());
            Deadline over = Deadline.in(Duration.ofNanos(-1));
            CutExport.Holding holding = new CutExport.Holding() {
                @Override
                public void goesOn() {
                    // It does.
                }

                @Override
                public void write(BsonDocument fields) {
                    assertThat(kept.write(lease, fields)).isTrue();
                }
            };

            for (int files = 1; files <= 2; files++) {
                Export export = kept.find("slow").orElseThrow();
                assertThat(new CutExport(search, export, 100, holding).run(over))
                        .isFalse();
                assertThat(kept.find("slow").orElseThrow().files()).hasSize(files);
            }
            Export export = kept.find("slow").orElseThrow();
            assertThat(new CutExport(search, export, 100, holding).run(Deadline.in(Duration.ofMinutes(1))))
                    .isTrue();
            assertThat(kept.find("slow").orElseThrow().state()).isEqualTo(Export.State.COMPLETE);
            assertThat(kept.withFile("slow", "Organization-2.ndjson")
                            .orElseThrow()
                            .files())
                    .extracting(ExportFile::name, ExportFile::count)
                    .containsExactly(tuple("Organization-2.ndjson", 100L));
            assertThat(kept.withFile("slow", "Organization-4.ndjson")
                            .orElseThrow()
                            .files())
                    .isEmpty();
        }
    }

    @Test
    void places_areOfANetwork_andNotOfWhatCameToNothing(TestDatabase database) throws Exception {
        try (Ledger ledger = Ledger.open(TestServer.settings(database))) {
            KeptExports kept = new KeptExports(ledger, InstantSource.system(), Duration.ofHours(24));
            ExportConfiguration limits = new ExportConfiguration(Duration.ofHours(24), 100, 1, 1_000);
            Instant now = Instant.now();

            kept.begin(
                    Export.begun("a", InterruptedExportIT.asked(now, List.of("Organization"))), "network one", limits);
            assertThatThrownBy(() -> kept.begin(
                            Export.begun("b", InterruptedExportIT.asked(now, List.of("Organization"))),
                            "network one",
                            limits))
                    .isInstanceOf(TooOften.class);
            kept.begin(
                    Export.begun("c", InterruptedExportIT.asked(now, List.of("Organization"))), "network two", limits);
            Lease lease = kept.take("a", "one", Duration.ofMinutes(1)).orElseThrow();
            assertThat(kept.write(lease, Export.failed("why"))).isTrue();
            kept.begin(
                    Export.begun("d", InterruptedExportIT.asked(now, List.of("Organization"))), "network one", limits);
            assertThat(kept.find("b")).isEmpty();
        }
    }

    /** What is shown is bounded, and what is not shown is told of; of those that came to nothing somebody has so many. */
    @Test
    void known_isAllThatThereMayBe_andSaysWhereThereIsMore(TestDatabase database) throws Exception {
        try (Ledger ledger = Ledger.open(TestServer.settings(database))) {
            KeptExports kept = new KeptExports(ledger, InstantSource.system(), Duration.ofHours(24));
            KnownExports known = new KnownExports(kept, InstantSource.system());
            Instant now = Instant.now();
            for (int i = 0; i < ExportConfiguration.MOST_EXPORTS; i++) {
                post(ledger, "live" + i, "somebody", now.plusMillis(i), Export.State.COMPLETE);
            }
            for (int i = 0; i < 100; i++) {
                post(ledger, "failed" + i, "unlucky", now.plusSeconds(60), Export.State.FAILED);
            }
            post(ledger, "over", "somebody", now.minus(Duration.ofHours(25)), Export.State.COMPLETE);

            KnownExports.Listed all = known.all();
            assertThat(all.more()).isFalse();
            assertThat(all.exports()).hasSize(ExportConfiguration.MOST_EXPORTS + 100);
            assertThat(all.exports().get(0).name()).isEqualTo("live999");
            assertThat(all.exports().get(0).by()).isEqualTo("somebody");
            assertThat(known.standing().byState()).isEqualTo(Map.of("complete", 1_000L, "failed", 100L));
            assertThat(kept.has("live0")).isTrue();
            assertThat(kept.has("over")).isFalse();

            ExportConfiguration limits = new ExportConfiguration(Duration.ofHours(24), 100, 1, 2_000);
            Asked asked = InterruptedExportIT.asked(now, List.of("Organization"));
            InstantSource later = InstantSource.fixed(now.plusSeconds(120));
            KeptExports then = new KeptExports(ledger, later, Duration.ofHours(24));
            assertThatThrownBy(() -> then.begin(Export.begun("one", asked), "unlucky", limits))
                    .isInstanceOf(TooOften.class)
                    .hasMessageContaining("100 of your exports came to nothing");
            then.begin(Export.begun("one", asked), "other", limits);
            assertThat(known.all().more()).isTrue();
            assertThat(known.all().exports()).hasSize(ExportConfiguration.MOST_EXPORTS + 100);
        }
    }

    private static void post(Ledger ledger, String id, String by, Instant at, Export.State state) {
        Asked asked = InterruptedExportIT.asked(at, List.of("Organization"));
        ledger.post(
                KeptExports.COLLECTION,
                Export.begun(id, asked)
                        .toBson()
                        .append(Export.STATE, state.bson())
                        .append("by", new BsonString(by))
                        .append("at", new BsonDateTime(at.toEpochMilli()))
                        .append("expires", new BsonDateTime(asked.expires().toEpochMilli())));
    }

    /** Who gives it back does so a moment after it is complete. */
    @Test
    void complete_isHeldByNobody(TestDatabase database) throws Exception {
        try (Ledger ledger = Ledger.open(TestServer.settings(database))) {
            KeptExports kept = new KeptExports(ledger, InstantSource.system(), Duration.ofHours(24));
            KnownExports known = new KnownExports(kept, InstantSource.system());
            Asked asked = InterruptedExportIT.asked(Instant.now(), List.of("Organization"));
            kept.begin(Export.begun("a", asked), "local", configuration().export());
            Lease lease = kept.take("a", "one", Duration.ofMinutes(1)).orElseThrow();
            assertThat(known.all().exports().get(0).isHeld()).isTrue();
            assertThat(known.standing().held()).isEqualTo(1);

            kept.write(lease, new BsonDocument(Export.STATE, Export.State.COMPLETE.bson()));

            assertThat(known.all().exports().get(0).isHeld()).isFalse();
            assertThat(known.standing().held()).isZero();
        }
    }

    @Test
    void export_thatWasPromisedForLonger_endsWithTheVersionsThatItShows(TestDatabase database) throws Exception {
        try (Ledger ledger = Ledger.open(TestServer.settings(database))) {
            Instant asOf = Instant.now().minus(Duration.ofMinutes(10));
            KeptExports before = new KeptExports(ledger, InstantSource.system(), Duration.ofHours(1));
            before.begin(
                    Export.begun("long", InterruptedExportIT.asked(asOf, List.of("Organization"))),
                    "local",
                    configuration().export());
            assertThat(before.find("long")).isPresent();

            KeptExports lowered = new KeptExports(ledger, InstantSource.system(), Duration.ofMinutes(5));

            assertThat(lowered.find("long")).isEmpty();
            assertThat(lowered.has("long")).isFalse();
            assertThat(new KeptExports(ledger, InstantSource.system(), Duration.ofMinutes(20))
                            .find("long")
                            .orElseThrow()
                            .asked()
                            .expires())
                    .isEqualTo(asOf.plus(Duration.ofMinutes(20)).truncatedTo(ChronoUnit.MILLIS));
        }
    }

    @Test
    void meaning_isThatOfPermissions_too(TestDatabase database) throws Exception {
        try (MongoResourceStore store = InterruptedExportIT.ready(database)) {
            ExportSearch search = new ExportSearch(store, configuration().search());
            Asked all = InterruptedExportIT.asked(Instant.now(), List.of("Organization"));
            Asked some =
                    InterruptedExportIT.asked(Instant.now(), List.of("Organization"), "SEARCH on Organization?name=a");

            assertThat(search.meaning(all, search.caller(all)))
                    .isEqualTo(Map.of().hashCode());
            assertThat(search.meaning(some, search.caller(some)))
                    .isNotEqualTo(Map.of().hashCode());
        }
    }

    private static ServerConfiguration configuration() {
        return ServerConfiguration.read("test.yaml", YAML, Map.<String, String>of()::get);
    }

    private static Instant settled(MongoResourceStore store) {
        return store.settled(Caller.everyone(), Duration.ofSeconds(5), Deadline.in(Duration.ofSeconds(20)));
    }
}
