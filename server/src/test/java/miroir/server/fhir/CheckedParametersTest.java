package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.registry.RegistryLoader;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.InMemoryResourceStore;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

class CheckedParametersTest {
    private static final Caller CALLER = Caller.everyone();
    private static final ZoneId ZONE = ZoneId.of("Europe/Paris");
    private static final SearchParameterRegistry REGISTRY =
            RegistryLoader.load(Set.of("Organization", "SearchParameter"), List.of());

    private final AtomicInteger told = new AtomicInteger();
    private final ResourceStore plain = new InMemoryResourceStore(
            new FieldExtractor(REGISTRY, new ExtractionSettings(ZONE, Set.of())), ZONE, InstantSource.system());
    private final ResourceStore store = new CheckedParameters(
            plain, SearchableParameters.all(REGISTRY), Duration.ofSeconds(10), told::incrementAndGet);

    private static RawBsonDocument parameter(String id, String code, String element) {
        String json = ("{\"resourceType\":\"SearchParameter\",\"id\":\"" + id + "\",\"url\":\"http://x.org/" + id
                + "\",\"name\":\"X\",\"status\":\"active\",\"description\":\"X\",\"code\":\"" + code
                + "\",\"base\":[\"Organization\"],\"type\":\"string\",\"expression\":\"Organization." + element
                + "\"}");
        return new ResourceReader(Structures.r4(), ReadLimits.standard()).read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static ResourceKey key(String id) {
        return new ResourceKey("SearchParameter", id);
    }

    @Test
    void write_whatWouldHaveEffect_isTaken() {
        store.create(CALLER, key("a"), parameter("a", "x", "name"));
        store.put(CALLER, key("a"), parameter("a", "x", "alias"), Precondition.none());
        store.delete(CALLER, key("a"), Precondition.none());

        assertThat(told).hasValue(3);
    }

    @Test
    void write_whatWouldHaveNone_isRefused() {
        refused("nom is not an element", () -> store.create(CALLER, key("a"), parameter("a", "x", "nom")));
        refused(
                "nom is not an element",
                () -> store.put(CALLER, key("a"), parameter("a", "x", "nom"), Precondition.none()));
        refused(
                "nom is not an element",
                () -> store.checkPut(CALLER, key("a"), parameter("a", "x", "nom"), Precondition.none()));
        assertThat(plain.read(CALLER, key("a"))).isEmpty();
        assertThat(told).hasValue(0);
    }

    /** What is in force does not know the first one yet. */
    @Test
    void write_codeThatAnotherHasSinceAMoment_isRefused() {
        store.create(CALLER, key("a"), parameter("a", "x", "name"));

        refused("SearchParameter/a", () -> store.create(CALLER, key("b"), parameter("b", "x", "alias")));
        plain.delete(CALLER, key("a"), Precondition.none());
        store.create(CALLER, key("b"), parameter("b", "x", "alias"));
    }

    @Test
    void write_whileCodesCannotBeSearched_isHeldAgainstWhatIsInForce() {
        ResourceStore early = new CheckedParameters(
                plain,
                new SearchableParameters(REGISTRY, (type, code) -> Optional.of("not yet")),
                Duration.ofSeconds(10),
                told::incrementAndGet);

        early.create(CALLER, key("a"), parameter("a", "x", "name"));
        refused("nom is not an element", () -> early.create(CALLER, key("b"), parameter("b", "x", "nom")));
    }

    private static void refused(String said, Runnable write) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(write::run)
                .withMessageContaining(said)
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNPROCESSABLE));
    }
}
