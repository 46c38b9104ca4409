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
import miroir.index.search.Condition;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.Criteria;
import miroir.index.store.Deadline;
import miroir.index.store.InMemoryResourceStore;
import miroir.index.store.Precondition;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.structure.Structures;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
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
        return read(json);
    }

    private static RawBsonDocument read(String json) {
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

    @Test
    void putEach_parameterAmongOthers_isLookedAtLikeOneAlone() {
        RawBsonDocument organization = read("{\"resourceType\":\"Organization\",\"id\":\"o\"}");
        Put beside = new Put(new ResourceKey("Organization", "o"), organization, false);

        List<PutOutcome> outcomes = store.putEach(
                CALLER,
                List.of(
                        new Put(key("a"), parameter("a", "x", "name"), false),
                        beside,
                        new Put(key("b"), parameter("b", "x", "alias"), true)),
                Deadline.in(Duration.ofSeconds(10)));

        assertThat(outcomes.get(0)).isInstanceOf(PutOutcome.Stored.class);
        assertThat(outcomes.get(1)).isInstanceOf(PutOutcome.Stored.class);
        assertThat(outcomes.get(2)).isInstanceOf(PutOutcome.Failed.class);
        assertThat(plain.read(CALLER, key("b"))).isEmpty();
        assertThat(told).hasValue(1);
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

    @Test
    void createUnlessFound_whatAnotherHasJustMade_isEmpty() {
        store.create(CALLER, key("a"), parameter("a", "x", "name"));
        RawBsonDocument same = parameter("b", "x", "name");

        assertThat(store.createUnlessFound(CALLER, criteria("a"), key("b"), same, ResourceVersion.Origin.CREATED))
                .isEmpty();
        refused(
                "SearchParameter/a",
                () -> store.createUnlessFound(CALLER, criteria("c"), key("b"), same, ResourceVersion.Origin.CREATED));
    }

    private static Criteria criteria(String id) {
        return new Criteria(
                "SearchParameter", Condition.In.texts("_id", List.of(id)), Deadline.in(Duration.ofSeconds(10)));
    }

    @Test
    void write_whatHasNoEffectAlready_mayChangeInOtherThings() {
        plain.create(CALLER, key("a"), parameter("a", "x", "nom"));
        BsonDocument tagged = BsonDocument.parse(parameter("a", "x", "nom").toJson());
        tagged.append("publisher", new BsonString("X"));

        store.put(CALLER, key("a"), raw(tagged), Precondition.none());
        refused(
                "no is not an element",
                () -> store.put(CALLER, key("a"), parameter("a", "x", "no"), Precondition.none()));
    }

    /** Components that were written a moment ago are not in force yet. */
    @Test
    void write_compositeOfWhatWasJustWritten_isTaken() {
        String part = "{\"definition\":\"http://x.org/a\",\"expression\":\"$this\"}";
        RawBsonDocument composite =
                read("{\"resourceType\":\"SearchParameter\",\"id\":\"b\",\"url\":\"http://x.org/b\","
                        + "\"name\":\"X\",\"status\":\"active\",\"description\":\"X\",\"code\":\"y\",\"base\":[\"Organization\"],"
                        + "\"type\":\"composite\",\"expression\":\"Organization.name\",\"component\":[" + part + ","
                        + part + "]}");
        refused("has this definition", () -> store.create(CALLER, key("b"), composite));

        store.create(CALLER, key("a"), parameter("a", "x", "name"));
        store.create(CALLER, key("b"), composite);
    }

    private static RawBsonDocument raw(BsonDocument document) {
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }

    private static void refused(String said, Runnable write) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(write::run)
                .withMessageContaining(said)
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNPROCESSABLE));
    }
}
