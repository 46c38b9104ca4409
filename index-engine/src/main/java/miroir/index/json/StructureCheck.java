package miroir.index.json;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Holds resources against the structure tables: unknown elements, wrong JSON types, cardinalities, forms of choices,
 * values of primitives, codes of required bindings, resources in resources. All problems of a resource are reported
 * together, up to twenty. Profiles and invariants are not its business. Thread-safe.
 */
public final class StructureCheck {
    private final Structures structures;
    private final Map<String, CheckedType> types = new ConcurrentHashMap<>();

    public StructureCheck(Structures structures) {
        this.structures = structures;
    }

    /** Returns if the resource has the structure that its type prescribes, else throws a {@link miroir.index.Refusal}. */
    public void check(RawBsonDocument resource) {
        ByteBuffer bytes = resource.getByteBuffer().asNIO();
        new StructureWalk(this, bytes.array()).check(bytes.arrayOffset() + bytes.position());
    }

    /** The resource type of that name, or null; abstract types are none. */
    public @Nullable CheckedType resourceType(String name) {
        return structures.resourceTypes().contains(name) ? type(name) : null;
    }

    /** A type that the tables name, which they therefore know. */
    public CheckedType type(String name) {
        CheckedType known = types.get(name);
        return known != null ? known : types.computeIfAbsent(name, this::make);
    }

    /** What an unknown resource type may have meant. */
    public String nearestResourceType(String name) {
        return Shortened.meant(name, structures.resourceTypes()).orElse("allowed are the resource types of FHIR R4");
    }

    private CheckedType make(String name) {
        TypeDefinition definition = structures.type(name);
        if (definition == null) {
            throw new IllegalStateException("the structure tables refer to a type that they do not have: " + name);
        }
        return new CheckedType(definition);
    }
}
