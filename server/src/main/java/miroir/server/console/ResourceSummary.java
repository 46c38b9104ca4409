package miroir.server.console;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A resource in a list.
 *
 * @param headline by what people know it; its own reference where it says nothing
 * @param identifiers the first of them
 * @param place where it is
 * @param status what it says of whether it is active; empty: nothing
 * @param updated when this version came to be
 * @param isIncluded whether it only belongs to what was found
 */
record ResourceSummary(
        ResourceKey key,
        String headline,
        List<String> identifiers,
        String place,
        String status,
        String updated,
        boolean isIncluded) {
    /** What may say what a resource is called, with its type, the best first. */
    private static final List<String> NAMES =
            List.of("name", "title", "deviceName", "code", "specialty", "type", "description", "valueString");

    private static final int MOST_IDENTIFIERS = 3;
    private static final int LONGEST = 120;

    ResourceSummary {
        identifiers = List.copyOf(identifiers);
    }

    static ResourceSummary of(View view, ElementText texts, ResourceVersion.Live live, boolean isIncluded) {
        BsonDocument fhir = live.fhir();
        return new ResourceSummary(
                live.key(),
                headline(fhir, texts, live.key()),
                identifiers(fhir),
                place(fhir, texts),
                status(view, fhir),
                view.when(live.from()),
                isIncluded);
    }

    /** Where its page is. */
    String path() {
        return ResourcePages.path(key);
    }

    static String headline(BsonDocument fhir, ElementText texts, ResourceKey key) {
        return NAMES.stream()
                .map(name -> first(fhir.get(name)))
                .filter(Objects::nonNull)
                .map(value -> shortened(name(texts, value)))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse(key.toString());
    }

    /** A text, the name of a person, the name of a device, or what a concept means. */
    private static String name(ElementText texts, BsonValue value) {
        if (value.isString()) {
            return value.asString().getValue();
        }
        if (!(value instanceof BsonDocument of)) {
            return "";
        }
        if (of.containsKey("family") || of.containsKey("given")) {
            return texts.line("HumanName", of).text();
        }
        String inner = ElementText.text(of, "name");
        return inner.isEmpty() ? texts.line("CodeableConcept", of).text() : inner;
    }

    private static List<String> identifiers(BsonDocument fhir) {
        BsonValue all = fhir.get("identifier");
        Stream<BsonValue> each = all instanceof BsonArray array ? array.stream() : Stream.ofNullable(all);
        return each.filter(BsonDocument.class::isInstance)
                .map(one -> shortened(ElementText.text(one.asDocument(), "value")))
                .filter(value -> !value.isEmpty())
                .distinct()
                .limit(MOST_IDENTIFIERS)
                .toList();
    }

    private static String place(BsonDocument fhir, ElementText texts) {
        BsonValue address = first(fhir.get("address"));
        if (!(address instanceof BsonDocument of)) {
            return "";
        }
        String brief = (ElementText.text(of, "postalCode") + " " + ElementText.text(of, "city")).strip();
        return shortened(brief.isEmpty() ? texts.line("Address", of).text() : brief);
    }

    private static String status(View view, BsonDocument fhir) {
        BsonValue active = fhir.get("active");
        if (active != null && active.isBoolean()) {
            return view.say(active.asBoolean().getValue() ? "res.active" : "res.inactive");
        }
        return shortened(ElementText.text(fhir, "status"));
    }

    private static @Nullable BsonValue first(@Nullable BsonValue value) {
        if (value instanceof BsonArray array) {
            return array.isEmpty() ? null : array.get(0);
        }
        return value;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
