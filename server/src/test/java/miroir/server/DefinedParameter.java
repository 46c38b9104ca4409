package miroir.server;

import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;

/**
 * A search parameter of one type as its definition has it; nothing of it comes from the server.
 *
 * @param targets what a reference may be to; empty for all types, and for what is no reference
 * @param parts those of a composite, in their order
 */
record DefinedParameter(
        String code, SearchParamType kind, String expression, Set<String> targets, List<DefinedParameter> parts) {

    /** Part of a composite, with an expression of its own. */
    DefinedParameter at(String otherExpression) {
        return new DefinedParameter(code, kind, otherExpression, targets, parts);
    }

    boolean isComposite() {
        return kind == SearchParamType.COMPOSITE;
    }

    boolean refersTo(String type) {
        return targets.isEmpty() || targets.contains(type);
    }
}
