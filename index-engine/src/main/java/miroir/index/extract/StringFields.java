package miroir.index.extract;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import miroir.index.path.Capture;
import miroir.index.path.RawValue;
import miroir.index.value.FoldedText;
import miroir.index.value.Trigrams;
import miroir.index.value.WordStarts;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** The text as it is, {@code -i}, {@code -3g}, {@code -w} of what is sorted by, and the parts of names and addresses; the main field has no suffix. */
final class StringFields implements ParameterFields {
    private static final List<String> NAME_PARTS = List.of("text", "family", "given", "prefix", "suffix");
    private static final List<String> ADDRESS_PARTS =
            List.of("text", "line", "city", "district", "state", "postalCode", "country");

    private final FieldPlan plan;
    private final Texts whole = new Texts();
    private final Map<String, Texts> parts = new LinkedHashMap<>();
    private final Texts uses = new Texts();

    StringFields(FieldPlan plan) {
        this.plan = plan;
    }

    @Override
    public void add(Capture capture, RawValue value) {
        switch (capture.dataType()) {
            case "HumanName" -> addParts(value, NAME_PARTS);
            case "Address" -> {
                addParts(value, ADDRESS_PARTS);
                uses.add(value.text("use"));
            }
            case "CodeableConcept" -> {
                whole.add(value.text("text"));
                value.all("coding").forEach(coding -> whole.add(coding.text("display")));
            }
            case "Coding" -> whole.add(value.text("display"));
            default -> addText(PrimitiveText.of(value));
        }
    }

    private void addText(@Nullable String text) {
        if (text != null && plan.computed() != null) {
            plan.computed().of(text).forEach(whole::add);
        } else {
            whole.add(text);
        }
    }

    private void addParts(RawValue value, List<String> names) {
        for (String name : names) {
            for (RawValue part : value.all(name)) {
                String text = part.text();
                whole.add(text);
                parts.computeIfAbsent(name, n -> new Texts()).add(text);
            }
        }
    }

    @Override
    public void write(BsonDocument fields) {
        boolean many = plan.many() || whole.all().size() > 1;
        Texts folded = folded(whole);
        whole.writeMain(fields, plan.base(), many);
        folded.write(fields, plan.field("i"), many);
        writeGrams(folded, fields, plan.field("3g"));
        parts.forEach((name, texts) -> writePart(plan.field(name.toLowerCase(Locale.ROOT)), texts, fields));
        uses.write(fields, plan.field("use"), plan.many());
        if (plan.sortable()) {
            SortBounds<String> bounds = new SortBounds<>();
            folded.all().forEach(text -> bounds.add(SortBounds.key(text)));
            bounds.write(fields, plan, BsonString::new);
            writeWords(folded, fields, plan.field("w"));
        }
    }

    /** {@code t_address-city} may be a parameter of its own as well, which then writes its field itself. */
    private void writePart(String field, Texts texts, BsonDocument fields) {
        if (!fields.containsKey(field)) {
            boolean many = plan.many() || texts.all().size() > 1;
            texts.write(fields, field, many);
            folded(texts).write(fields, field + "-i", many);
        }
    }

    private static void writeGrams(Texts folded, BsonDocument fields, String name) {
        Set<String> grams = new LinkedHashSet<>();
        folded.all().forEach(text -> Trigrams.addAll(text, grams));
        write(grams, fields, name);
    }

    private static void writeWords(Texts folded, BsonDocument fields, String name) {
        Set<String> starts = new LinkedHashSet<>();
        folded.all().forEach(text -> WordStarts.addAll(text, starts));
        write(starts, fields, name);
    }

    private static void write(Set<String> parts, BsonDocument fields, String name) {
        if (!parts.isEmpty()) {
            fields.append(
                    name, new BsonArray(parts.stream().map(BsonString::new).toList()));
        }
    }

    private static Texts folded(Texts texts) {
        Texts folded = new Texts();
        texts.all().forEach(text -> folded.add(FoldedText.fold(text)));
        return folded;
    }
}
