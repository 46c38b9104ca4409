package miroir.validation;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import miroir.index.Refusal;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.server.validation.StoredDefinitions;
import org.bson.RawBsonDocument;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Stored definitions, as HAPI asks for them. Each is looked for once, and so is what is not there; by several at the same time more than once, since
 * nobody waits for a snapshot that somebody else makes. Thread-safe.
 *
 * <p>A structure is used if what it is derived from is known and its snapshot can be made, which is tried at once: HAPI would do so in the midst of a
 * validation, and fail with it.
 */
final class StoredSupport implements IValidationSupport {
    private static final int MOST_LOOKS = 10_000;
    private static final int LONGEST_CANONICAL = 1000;

    /** What an element of a snapshot that is made here counts as: about what one takes that is stored. */
    private static final long BYTES_OF_AN_ELEMENT = 2 << 10;

    private final FhirContext context;
    private final List<IValidationSupport> fixed;
    private final StoredDefinitions store;
    private final Room room;

    /** What snapshots are made by; it keeps nothing. */
    private final IValidationSupport structures;

    /** By type and canonical; empty for one that is not there or cannot be used. */
    private final Map<String, Optional<IBaseResource>> found = new ConcurrentHashMap<>();

    /** Why, by canonical. */
    private final Map<String, String> unusable = new ConcurrentHashMap<>();

    /** By URL: what others that they need refer to. */
    private final ThreadLocal<Map<String, StructureDefinition>> beingRead = ThreadLocal.withInitial(HashMap::new);

    /** The first one of the store. */
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    StoredSupport(FhirContext context, List<IValidationSupport> fixed, StoredDefinitions store, int most) {
        this.context = context;
        this.fixed = fixed;
        this.store = store;
        this.room = new Room(most);
        List<IValidationSupport> chain = new ArrayList<>(fixed);
        chain.add(this);
        chain.add(new SnapshotGeneratingValidationSupport(context));
        this.structures = new DefinitionsChain(ValidationSupportChain.CacheConfiguration.disabled(), this, chain);
    }

    /** Whether nothing more is read. */
    boolean isFull() {
        return room.isFull() || failure.get() != null || found.size() >= MOST_LOOKS;
    }

    /** Fails as the store did, if it ever did: HAPI goes on as if what was looked for was not there. */
    void requireAnswers() {
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    Map<String, String> unusable() {
        return Map.copyOf(unusable);
    }

    /** Reads a structure, if it is needed. */
    void prepare(String url) {
        StoppingAdvisor.stopIfInterrupted();
        if (fixed.stream().allMatch(each -> each.fetchStructureDefinition(url) == null)) {
            fetchStructureDefinition(url);
        }
    }

    @Override
    public FhirContext getFhirContext() {
        return context;
    }

    @Override
    public @Nullable IBaseResource fetchStructureDefinition(String url) {
        return find("StructureDefinition", url);
    }

    @Override
    public @Nullable IBaseResource fetchValueSet(String url) {
        return find("ValueSet", url);
    }

    @Override
    public @Nullable IBaseResource fetchCodeSystem(String system) {
        return find("CodeSystem", system);
    }

    private @Nullable IBaseResource find(String type, String canonical) {
        StoppingAdvisor.stopIfInterrupted();
        StructureDefinition begun = beingRead.get().get(url(canonical));
        if (begun != null && type.equals("StructureDefinition")) {
            return begun;
        }
        String name = type + " " + canonical;
        Optional<IBaseResource> before = found.get(name);
        if (before != null) {
            return before.orElse(null);
        }
        if (canonical.length() > LONGEST_CANONICAL || isFull()) {
            return null;
        }
        Optional<IBaseResource> definition = look(type, canonical).flatMap(stored -> read(name, canonical, stored));
        Optional<IBaseResource> first = found.putIfAbsent(name, definition);
        return (first == null ? definition : first).orElse(null);
    }

    /** Where it fails HAPI may go on as if there was none, and keep that: nobody is to use it any more. */
    private Optional<RawBsonDocument> look(String type, String canonical) {
        try {
            return store.find(type, canonical);
        } catch (RuntimeException e) {
            StoppingAdvisor.stopIfInterrupted();
            failure.compareAndSet(null, e);
            throw e;
        }
    }

    private static String url(String canonical) {
        int bar = canonical.indexOf('|');
        return bar < 0 ? canonical : canonical.substring(0, bar);
    }

    private Optional<IBaseResource> read(String name, String canonical, RawBsonDocument stored) {
        try {
            int size = stored.getByteBuffer().remaining();
            room.take(name, size);
            IBaseResource definition = context.newJsonParser().parseResource(json(stored));
            return Optional.of(
                    definition instanceof StructureDefinition structure ? whole(name, size, structure) : definition);
        } catch (Refusal refused) {
            unusable.put(canonical, String.valueOf(refused.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            unusable.put(canonical, "it is wrong (" + Refusal.shown(String.valueOf(e.getMessage())) + ")");
        }
        return Optional.empty();
    }

    private static String json(RawBsonDocument stored) {
        Utf8Buffer text = new Utf8Buffer(stored.getByteBuffer().remaining());
        ResourceWriter.write(stored, text, false);
        return new String(text.toByteArray(), StandardCharsets.UTF_8);
    }

    private IBaseResource whole(String name, long size, StructureDefinition structure) {
        beingRead.get().put(structure.getUrl(), structure);
        try {
            requireBase(structure.getBaseDefinition());
            return structure.hasSnapshot() ? structure : withSnapshot(name, size, structure);
        } finally {
            beingRead.get().remove(structure.getUrl());
        }
    }

    private void requireBase(@Nullable String base) {
        if (base == null) {
            throw unusable("it is derived from nothing");
        }
        if (beingRead.get().containsKey(url(base))) {
            throw unusable("it is derived from itself, by way of \"" + Refusal.shown(base) + "\"");
        }
        if (structures.fetchStructureDefinition(base) == null
                && structures.fetchStructureDefinition(url(base)) == null) {
            throw unusable(
                    "what it is derived from, \"" + Refusal.shown(base) + "\", is not known here or cannot be used");
        }
    }

    private IBaseResource withSnapshot(String name, long size, StructureDefinition structure) {
        IBaseResource whole = structures.generateSnapshot(
                new ValidationSupportContext(structures), structure, null, null, structure.getName());
        if (!(whole instanceof StructureDefinition made)) {
            throw unusable("it has no snapshot, and none can be made of it");
        }
        room.take(
                name,
                size + BYTES_OF_AN_ELEMENT * made.getSnapshot().getElement().size());
        return made;
    }

    private static Refusal unusable(String why) {
        return new Refusal(Refusal.Reason.UNPROCESSABLE, why);
    }
}
