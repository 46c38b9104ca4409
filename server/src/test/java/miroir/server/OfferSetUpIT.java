package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import miroir.index.store.Pending;
import miroir.index.store.SearchInForce;
import miroir.server.access.AccessParts;
import miroir.server.access.RequestRules;
import miroir.storage.MongoStoreSettings;
import miroir.storage.access.AccessDocuments;
import miroir.storage.audit.AuditDocuments;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
final class OfferSetUpIT {

    @Test
    void begin_offersALinkUntilThereIsAnAdministrator(TestDatabase database) {
        MongoStoreSettings settings = MongoStoreSettings.of(database.uri(), database.name(), Set.of("Device"));
        SearchInForce inForce = new SearchInForce(1, TestServer.made(), Pending.nothing());
        List<String> said = new CopyOnWriteArrayList<>();
        try (AccessParts access = AccessParts.of(
                AccessDocuments.open(settings),
                AuditDocuments.open(settings),
                () -> inForce,
                RequestRules.none(),
                InstantSource.system())) {
            OfferSetUp.begin(access.administrators(), "https://fhir.example", said::add);
            await().atMost(Duration.ofSeconds(30)).until(() -> !said.isEmpty());
            String link = said.get(0).substring(said.get(0).indexOf("https://"));
            assertThat(link).matches("https://fhir\\.example/admin/setup\\?code=miroir_setup_[A-Za-z0-9_-]{43}");

            access.administrators()
                    .setUp(link.substring(link.indexOf('=') + 1), "first", "a long password", "here", () -> {});

            assertThat(access.administrators().areThere()).isTrue();
        }
    }
}
