package miroir.index.extract;

import miroir.index.path.Capture;
import miroir.index.path.RawValue;
import miroir.index.value.FoldedText;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** {@code -value}, {@code -system}, {@code -sysval}, {@code -of-type} and {@code -text}; the main field is {@code -sysval}. */
final class TokenFields implements ParameterFields {
    private static final String BOOLEAN_SYSTEM = "http://hl7.org/fhir/ValueSet/special-values";

    private final FieldPlan plan;
    private final Texts values = new Texts();
    private final Texts systems = new Texts();
    private final Texts pairs = new Texts();
    private final Texts typed = new Texts();
    private final Texts texts = new Texts();

    TokenFields(FieldPlan plan) {
        this.plan = plan;
    }

    @Override
    public void add(Capture capture, RawValue value) {
        switch (capture.dataType()) {
            case "CodeableConcept" -> addConcept(value);
            case "Coding" -> addCoding(value);
            case "Identifier" -> addIdentifier(value);
            case "ContactPoint" -> addContact(value);
            default -> addPrimitive(value, capture);
        }
    }

    @Override
    public void add(boolean outcome) {
        addPair(BOOLEAN_SYSTEM, String.valueOf(outcome));
    }

    private void addConcept(RawValue concept) {
        concept.all("coding").forEach(this::addCoding);
        addText(concept.text("text"));
    }

    private void addCoding(RawValue coding) {
        addPair(coding.text("system"), coding.text("code"));
        addText(coding.text("display"));
    }

    private void addIdentifier(RawValue identifier) {
        String value = identifier.text("value");
        addPair(identifier.text("system"), value);
        RawValue type = identifier.get("type");
        if (type != null) {
            addText(type.text("text"));
            type.all("coding").forEach(coding -> addTyped(coding, value));
        }
    }

    private void addTyped(RawValue coding, @Nullable String value) {
        String system = coding.text("system");
        String code = coding.text("code");
        if (code != null && value != null) {
            typed.add((system == null ? "" : system) + "|" + code + "|" + value);
        }
    }

    /** FHIR gives a ContactPoint no system; clients ask by its kind all the same ({@code phone|…}). */
    private void addContact(RawValue contact) {
        String value = contact.text("value");
        String system = contact.text("system");
        addPair(system, value);
        if (system != null) {
            addPair(null, value);
        }
    }

    private void addPrimitive(RawValue value, Capture capture) {
        Boolean truth = value.truth();
        if (truth != null) {
            add(truth);
            return;
        }
        String text = PrimitiveText.of(value);
        if (text == null) {
            return;
        }
        if (plan.computed() == null) {
            addCode(capture.systems().get(text), text);
        } else {
            plan.computed().of(text).forEach(computed -> addPair(null, computed));
        }
    }

    /** A code has no system of its own, which {@code |code} asks for, and the one that its binding implies. */
    private void addCode(@Nullable String system, String code) {
        addPair(null, code);
        if (system != null) {
            addPair(system, code);
        }
    }

    private void addPair(@Nullable String system, @Nullable String value) {
        values.add(value);
        systems.add(system);
        if (system != null || value != null) {
            pairs.add((system == null ? "" : system) + "|" + (value == null ? "" : value));
        }
    }

    private void addText(@Nullable String text) {
        if (plan.text() && text != null) {
            texts.add(FoldedText.fold(text));
        }
    }

    @Override
    public void write(BsonDocument fields) {
        boolean many = plan.many() || values.all().size() > 1 || systems.all().size() > 1;
        values.write(fields, plan.field("value"), many);
        systems.write(fields, plan.field("system"), many);
        pairs.writeMain(fields, plan.field("sysval"), many || pairs.all().size() > 1);
        typed.write(fields, plan.field("of-type"), true);
        texts.write(fields, plan.field("text"), true);
        if (plan.sortable()) {
            SortBounds<String> bounds = new SortBounds<>();
            values.all().forEach(value -> bounds.add(SortBounds.key(value)));
            bounds.write(fields, plan, BsonString::new);
        }
    }
}
