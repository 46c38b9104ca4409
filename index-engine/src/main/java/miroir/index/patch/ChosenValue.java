package miroir.index.patch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.TypeDefinition;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A value as a Parameters resource brings it, made an element of the type that has to hold it. It is a data type
 * ({@code valueHumanName}), a resource, or a list of parts, each the value of one element: for types without a name of their
 * own, and for those that Parameters have no place for.
 *
 * @param element the definition, for a choice that of the form which fits
 */
record ChosenValue(ElementDefinition element, Occurrence occurrence) {
    /** FHIR calls a code a kind of string and an Age a kind of Quantity; clients take the one for the other. */
    private static final List<Set<String>> KINDS = List.of(
            Set.of("string", "code", "id", "markdown", "xhtml"),
            Set.of("uri", "url", "canonical", "oid", "uuid"),
            Set.of("integer", "positiveInt", "unsignedInt"),
            Set.of("Quantity", "Age", "Count", "Distance", "Duration"));

    /** The value of this parameter as one of the forms that the element has. */
    static ChosenValue of(BsonDocument parameter, List<ElementDefinition> forms) {
        for (String name : parameter.keySet()) {
            ElementDefinition sent = parameterType().element(name.startsWith("_") ? name.substring(1) : name);
            if (sent != null && sent.choice().equals("value")) {
                ElementDefinition form = form(forms, sent.type());
                return new ChosenValue(form, Occurrence.of(parameter, sent).get(0));
            }
        }
        if (parameter.get("resource") instanceof BsonDocument resource) {
            return new ChosenValue(form(forms, "Resource"), new Occurrence(resource, null));
        }
        if (parameter.get("part") instanceof BsonArray parts) {
            ElementDefinition form = ofParts(forms);
            return new ChosenValue(form, new Occurrence(assembled(parts, form), null));
        }
        throw PatchFailed.malformed("the parameter value has neither a value, nor a resource, nor parts");
    }

    private static TypeDefinition parameterType() {
        return Place.known("Parameters.parameter");
    }

    private static ElementDefinition form(List<ElementDefinition> forms, String sent) {
        ElementDefinition exact = find(forms, Set.of(sent));
        // Of a choice the type decides which form it is, so there it has to be the very one.
        ElementDefinition found = exact == null && forms.size() == 1 ? find(forms, kindOf(sent)) : exact;
        if (found == null) {
            throw PatchFailed.unfit(
                    forms.get(0).choice() + " takes " + types(forms) + ", and the value is of type " + sent);
        }
        return found;
    }

    private static @Nullable ElementDefinition find(List<ElementDefinition> forms, Set<String> types) {
        return forms.stream()
                .filter(form -> types.contains(form.type()))
                .findFirst()
                .orElse(null);
    }

    private static Set<String> kindOf(String type) {
        return KINDS.stream().filter(kind -> kind.contains(type)).findFirst().orElse(Set.of(type));
    }

    private static String types(List<ElementDefinition> forms) {
        return forms.stream().map(ElementDefinition::type).distinct().collect(Collectors.joining(", "));
    }

    /** Parts do not say of what type they are together, so the element may have only one that can have parts. */
    private static ElementDefinition ofParts(List<ElementDefinition> forms) {
        List<ElementDefinition> complex = forms.stream()
                .filter(form -> !form.type().equals("Resource")
                        && Place.known(form.type()).kind() == TypeDefinition.Kind.COMPLEX)
                .toList();
        if (complex.size() != 1) {
            throw PatchFailed.unfit(forms.get(0).choice() + " takes " + types(forms) + ", and the value has parts; "
                    + (complex.isEmpty() ? "none of these has any" : "they do not say of which of these"));
        }
        return complex.get(0);
    }

    private static BsonDocument assembled(BsonArray parts, ElementDefinition element) {
        Place empty = new Place(null, 0, element.type(), new Occurrence(new BsonDocument(), null));
        Map<ElementDefinition, List<Occurrence>> elements = new LinkedHashMap<>();
        for (BsonValue part : parts) {
            BsonDocument parameter = part.asDocument();
            List<ElementDefinition> forms = empty.definitions(OperationParts.name(parameter));
            ChosenValue value = of(parameter, forms);
            elements.computeIfAbsent(value.element(), form -> new ArrayList<>()).add(value.occurrence());
        }
        BsonDocument assembled = new BsonDocument();
        for (Map.Entry<ElementDefinition, List<Occurrence>> each : elements.entrySet()) {
            assembled = Occurrence.with(assembled, each.getKey(), each.getValue());
        }
        return assembled;
    }
}
