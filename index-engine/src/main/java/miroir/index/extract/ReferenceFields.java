package miroir.index.extract;

import java.util.Set;
import miroir.index.path.Capture;
import miroir.index.path.RawValue;
import miroir.index.value.ReferenceText;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** {@code -reference}, {@code -type}, {@code -id} and {@code -identifier…}; the main field is {@code -reference}. */
final class ReferenceFields implements ParameterFields {
    private final FieldPlan plan;
    private final Set<String> ownBases;
    private final Texts references = new Texts();
    private final Texts types = new Texts();
    private final Texts ids = new Texts();
    private final Texts identifiers = new Texts();
    private final Texts identifierValues = new Texts();
    private final Texts identifierSystems = new Texts();

    ReferenceFields(FieldPlan plan, Set<String> ownBases) {
        this.plan = plan;
        this.ownBases = ownBases;
    }

    @Override
    public void add(Capture capture, RawValue value) {
        if (capture.dataType().equals("Reference")) {
            addReference(value);
        } else if (value.isDocument()) {
            addEmbedded(value);
        } else {
            addCanonical(value.text());
        }
    }

    /** Without a version it is kept as one of no version as well, so that it can be told from what another with a version leaves. */
    private void addCanonical(@Nullable String text) {
        CanonicalText.addTo(references, text);
        if (text != null && text.indexOf(':') > 0 && text.indexOf('|') < 0) {
            references.add(text + '|');
        }
    }

    private void addReference(RawValue value) {
        String text = value.text("reference");
        ReferenceText reference = text == null ? null : ReferenceText.of(text, ownBases);
        if (reference != null) {
            references.add(reference.text());
            ids.add(reference.id());
        }
        types.add(reference == null || reference.type() == null ? value.text("type") : reference.type());
        RawValue identifier = value.get("identifier");
        if (identifier != null) {
            addIdentifier(identifier.text("system"), identifier.text("value"));
        }
    }

    private void addIdentifier(@Nullable String system, @Nullable String value) {
        identifierValues.add(value);
        identifierSystems.add(system);
        if (system != null || value != null) {
            identifiers.add((system == null ? "" : system) + "|" + (value == null ? "" : value));
        }
    }

    /** A resource that stands in the document itself, as in a Bundle. */
    private void addEmbedded(RawValue resource) {
        String type = resource.text("resourceType");
        String id = resource.text("id");
        types.add(type);
        if (type != null && id != null) {
            references.add(type + "/" + id);
            ids.add(id);
        }
    }

    @Override
    public void write(BsonDocument fields) {
        boolean many = plan.many() || references.all().size() > 1;
        references.writeMain(fields, plan.field("reference"), many);
        types.write(fields, plan.field("type"), many);
        ids.write(fields, plan.field("id"), many);
        identifiers.write(fields, plan.field("identifier"), many);
        identifierValues.write(fields, plan.field("identifier-value"), many);
        identifierSystems.write(fields, plan.field("identifier-system"), many);
        if (plan.sortable()) {
            SortBounds<String> bounds = new SortBounds<>();
            references.all().forEach(bounds::add);
            bounds.write(fields, plan, BsonString::new);
        }
    }
}
