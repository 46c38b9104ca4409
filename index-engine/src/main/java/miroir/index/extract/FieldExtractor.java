package miroir.index.extract;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.store.ResourceKey;
import miroir.index.store.SearchFields;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@code t_*} fields of a resource: one walk over its bytes for all parameters of its type, which
 * {@code docs/fields.md} describes field by field. Thread-safe.
 */
public final class FieldExtractor implements SearchFields {
    private final SearchParameterRegistry registry;
    private final ExtractionSettings settings;
    private final Map<String, TypeFields> byType = new LinkedHashMap<>();

    /** Those that were asked for alone: few, as inclusions are. */
    private final Map<FieldOfType, TypeFields> alone = new ConcurrentHashMap<>();

    private record FieldOfType(String type, String field) {}

    /** An extractor for all types of a registry whose expressions have been checked. */
    public FieldExtractor(SearchParameterRegistry registry, ExtractionSettings settings) {
        this.registry = registry;
        this.settings = settings;
        registry.types().forEach(type -> byType.put(type, new TypeFields(type, registry.of(type))));
    }

    /** Changes whenever other fields are written than before for the same parameters. */
    public static int version() {
        return FieldsDigest.EXTRACTOR_VERSION;
    }

    @Override
    public BsonDocument extract(ResourceKey key, Instant from, RawBsonDocument fhir) {
        BsonDocument fields = new BsonDocument();
        VersionFields.write(key, from, settings.zone(), fields);
        TypeFields ofType = byType.get(key.type());
        if (ofType == null) {
            throw new IllegalArgumentException("type " + key.type() + " is not served; served are " + byType.keySet());
        }
        ofType.extract(fhir, settings, fields);
        return fields;
    }

    /** Only what this field is made of is looked at. */
    @Override
    public @Nullable BsonValue extract(ResourceKey key, String field, RawBsonDocument fhir) {
        BsonDocument fields = new BsonDocument();
        alone.computeIfAbsent(new FieldOfType(key.type(), field), this::alone).extract(fhir, settings, fields);
        return fields.get(field);
    }

    private TypeFields alone(FieldOfType wanted) {
        return new TypeFields(
                wanted.type(),
                registry.of(wanted.type()).stream()
                        .filter(parameter -> (wanted.field() + "-").startsWith(parameter.field("") + "-"))
                        .toList());
    }

    @Override
    public String digest(SearchParameter parameter) {
        return FieldsDigest.of(parameter, settings);
    }
}
