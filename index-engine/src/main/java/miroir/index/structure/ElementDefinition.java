package miroir.index.structure;

import java.util.List;

/**
 * One element of a type.
 *
 * @param name its JSON name: {@code birthDate}, {@code valueQuantity}
 * @param choice the name before {@code [x]} for one form of a choice ({@code value}), else the same as {@code name}
 * @param type what it holds: a data type, a primitive, {@code Resource}, or the path of a backbone element
 * @param min the smallest number of occurrences; for a choice, of all its forms together
 * @param many whether it is a JSON array
 * @param summary whether {@code _summary=true} keeps it
 * @param modifier whether it changes the meaning of what holds it
 * @param targets resource types that a Reference or canonical may point to; empty: any
 * @param allowed the codes of a required binding, where the specification enumerates them
 */
public record ElementDefinition(
        String name,
        String choice,
        String type,
        int min,
        boolean many,
        boolean summary,
        boolean modifier,
        List<String> targets,
        CodeList allowed) {

    public ElementDefinition {
        targets = List.copyOf(targets);
    }

    /** The codes of a required binding; empty: any. */
    public List<String> codes() {
        return allowed.codes();
    }

    /** Whether the specification writes it with {@code [x]}. */
    public boolean isChoice() {
        return !choice.equals(name);
    }
}
