package miroir.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.registry.RegistryLoader;
import miroir.index.store.SearchInForce;
import miroir.index.store.SearchMade;
import org.junit.jupiter.api.Test;

class CapabilityDocumentsTest {
    private static final ExtractionSettings SETTINGS = new ExtractionSettings(ZoneId.of("UTC"), Set.of());
    private static final SearchParameterRegistry REGISTRY = RegistryLoader.load(Set.of("Device"), List.of());

    private final Set<String> pending = new HashSet<>();
    private long number = 1;
    private final CapabilityDocuments documents = new CapabilityDocuments(
            FhirContext.forR4Cached(),
            () -> new SearchInForce(
                    number,
                    SearchMade.of(REGISTRY, new FieldExtractor(REGISTRY, SETTINGS), SETTINGS.zone(), Set.of()),
                    (type, code) -> pending.contains(code) ? Optional.of("not yet") : Optional.empty()),
            (base, denied) ->
                    new Offer(Set.of("read", "search-type"), denied, false, false, "open", "1", base, Instant.EPOCH));

    @Test
    void of_sameBaseIsMadeOnce() {
        assertThat(documents.of("http://a/fhir", Map.of()).resource())
                .isSameAs(documents.of("http://a/fhir", Map.of()).resource());
    }

    @Test
    void of_parametersThatCannotBeSearchedYet_saysSoUntilTheyCan() {
        CapabilityDocument before = documents.of("http://a/fhir", Map.of());
        pending.add("model");
        CapabilityDocument meanwhile = documents.of("http://a/fhir", Map.of());
        pending.clear();

        assertThat(before.resource().toString()).doesNotContain("Not yet: ");
        assertThat(meanwhile.resource().toString()).containsOnlyOnce("Not yet: what is stored");
        assertThat(meanwhile.digest()).isNotEqualTo(before.digest());
        assertThat(documents.of("http://a/fhir", Map.of())).isSameAs(before);
    }

    @Test
    void of_whoIsDeniedSomething_hasADocumentWithoutIt() {
        CapabilityDocument whole = documents.of("http://a/fhir", Map.of());
        CapabilityDocument less = documents.of("http://a/fhir", Map.of("Device", Set.of("search-type")));
        CapabilityDocument nothing = documents.of("http://a/fhir", Map.of("Device", Set.of("read", "search-type")));

        assertThat(whole.resource().toString()).contains("search-type", "\"Device\"");
        assertThat(less.resource().toString()).contains("\"Device\"").doesNotContain("search-type", "searchParam");
        assertThat(nothing.resource().toString()).doesNotContain("\"Device\"");
        assertThat(documents.of("http://a/fhir", Map.of())).isSameAs(whole);
    }

    @Test
    void of_whatIsSearchedNow_isMadeAnew() {
        CapabilityDocument before = documents.of("http://a/fhir", Map.of());
        number++;

        assertThat(documents.of("http://a/fhir", Map.of())).isNotSameAs(before);
    }

    @Test
    void of_otherBaseHasItsOwnUrlAndTag() {
        CapabilityDocument a = documents.of("http://a/fhir", Map.of());
        CapabilityDocument b = documents.of("http://b/fhir", Map.of());

        assertThat(b.resource().toString()).contains("\"http://b/fhir/metadata\"");
        assertThat(a.digest()).isNotEqualTo(b.digest()).matches("[0-9a-f]{32}");
    }

    @Test
    void of_manyBases_keepsTheOneThatIsAskedForAgainAndAgain() {
        CapabilityDocument first = documents.of("http://a/fhir", Map.of());
        CapabilityDocument once = documents.of("http://a:1/fhir", Map.of());
        for (int i = 2; i < 100; i++) {
            documents.of("http://a:" + i + "/fhir", Map.of());
            assertThat(documents.of("http://a/fhir", Map.of())).isSameAs(first);
        }

        assertThat(documents.of("http://a:1/fhir", Map.of())).isNotSameAs(once);
    }
}
