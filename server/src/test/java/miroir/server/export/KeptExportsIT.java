package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

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
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exports as they are kept and cut, without a server. */
@ExtendWith(MongoExtension.class)
final class KeptExportsIT {
    private static final String YAML = "export: {resources: 100}";

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
