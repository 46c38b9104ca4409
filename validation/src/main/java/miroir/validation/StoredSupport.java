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
 * Stored definitions, as HAPI asks for them. Each is looked for once, and so is what is not there. One at a time, since one may be large.
 *
 * <p>A structure is used if what it is derived from is known and its snapshot can be made, which is tried at once: HAPI would do so in the midst of a
 * validation, and fail with it.
 */
final class StoredSupport implements IValidationSupport {
    private static final int MOST_LOOKS = 10_000;

    private final FhirContext context;
    private final StoredDefinitions store;
    private final int most;

    /** What snapshots are made by. It keeps nothing, and is used by who has the lock of this only, or they could lock each other out. */
    private final IValidationSupport structures;

    /** By type and canonical; empty for one that is not there or cannot be used. */
    private final Map<String, Optional<IBaseResource>> found = new HashMap<>();

    /** Why, by canonical. */
    private final Map<String, String> unusable = new HashMap<>();

    /** By URL: what others that they need refer to. */
    private final Map<String, StructureDefinition> beingRead = new HashMap<>();

    private long bytes;
    private boolean isFull;

    StoredSupport(FhirContext context, List<IValidationSupport> fixed, StoredDefinitions store, int most) {
        this.context = context;
        this.store = store;
        this.most = most;
        List<IValidationSupport> chain = new ArrayList<>(fixed);
        chain.add(this);
        chain.add(new SnapshotGeneratingValidationSupport(context));
        this.structures = new ValidationSupportChain(ValidationSupportChain.CacheConfiguration.disabled(), chain);
    }

    synchronized int looks() {
        return found.size();
    }

    synchronized boolean isFull() {
        return isFull;
    }

    synchronized Map<String, String> unusable() {
        return Map.copyOf(unusable);
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

    private synchronized @Nullable IBaseResource find(String type, String canonical) {
        StoppingAdvisor.stopIfInterrupted();
        StructureDefinition begun = beingRead.get(url(canonical));
        if (begun != null && type.equals("StructureDefinition")) {
            return begun;
        }
        String name = type + " " + canonical;
        Optional<IBaseResource> before = found.get(name);
        if (before != null) {
            return before.orElse(null);
        }
        if (isFull || found.size() >= MOST_LOOKS) {
            isFull = true;
            return null;
        }
        Optional<IBaseResource> definition = look(type, canonical).flatMap(stored -> read(canonical, stored));
        found.put(name, definition);
        return definition.orElse(null);
    }

    /** Where it fails HAPI may go on as if there was none, and keep that: nobody is to use it any more. */
    private Optional<RawBsonDocument> look(String type, String canonical) {
        try {
            return store.find(type, canonical);
        } catch (RuntimeException e) {
            isFull = true;
            throw e;
        }
    }

    private static String url(String canonical) {
        int bar = canonical.indexOf('|');
        return bar < 0 ? canonical : canonical.substring(0, bar);
    }

    private Optional<IBaseResource> read(String canonical, RawBsonDocument stored) {
        try {
            makeRoom(stored.getByteBuffer().remaining());
            IBaseResource definition = context.newJsonParser().parseResource(json(stored));
            return Optional.of(definition instanceof StructureDefinition structure ? whole(structure) : definition);
        } catch (Refusal refused) {
            unusable.put(canonical, String.valueOf(refused.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            unusable.put(canonical, "it is wrong (" + Refusal.shown(String.valueOf(e.getMessage())) + ")");
        }
        return Optional.empty();
    }

    private void makeRoom(int size) {
        if (size > most) {
            throw unusable(
                    "it has " + size + " bytes, and at most " + most + " are used (validation.stored in server.yaml)");
        }
        if (bytes + size > most) {
            isFull = true;
            throw unusable("with the others that are needed it has more than " + most
                    + " bytes (validation.stored in server.yaml)");
        }
        bytes += size;
    }

    private static String json(RawBsonDocument stored) {
        Utf8Buffer text = new Utf8Buffer(stored.getByteBuffer().remaining());
        ResourceWriter.write(stored, text, false);
        return new String(text.toByteArray(), StandardCharsets.UTF_8);
    }

    private IBaseResource whole(StructureDefinition structure) {
        beingRead.put(structure.getUrl(), structure);
        try {
            requireBase(structure.getBaseDefinition());
            return structure.hasSnapshot() ? structure : withSnapshot(structure);
        } finally {
            beingRead.remove(structure.getUrl());
        }
    }

    private void requireBase(@Nullable String base) {
        if (base == null) {
            throw unusable("it is derived from nothing");
        }
        if (beingRead.containsKey(url(base))) {
            throw unusable("it is derived from itself, by way of \"" + Refusal.shown(base) + "\"");
        }
        if (structures.fetchStructureDefinition(base) == null
                && structures.fetchStructureDefinition(url(base)) == null) {
            throw unusable(
                    "what it is derived from, \"" + Refusal.shown(base) + "\", is not known here or cannot be used");
        }
    }

    private IBaseResource withSnapshot(StructureDefinition structure) {
        IBaseResource whole = structures.generateSnapshot(
                new ValidationSupportContext(structures), structure, null, null, structure.getName());
        if (whole == null) {
            throw unusable("it has no snapshot, and none can be made of it");
        }
        return whole;
    }

    private static Refusal unusable(String why) {
        return new Refusal(Refusal.Reason.UNPROCESSABLE, why);
    }
}
