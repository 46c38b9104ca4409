package miroir.server.bundle;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * Changes what in a resource can refer to another one: references, elements of the types uri, url, oid and uuid, and links in the
 * narrative. R4 leaves canonicals alone, and so does this. The tables of structures say what an element is: a text that looks like a
 * placeholder stays a text, and of what is of type uri an address of the web stays as well: {@code Coding.system} and {@code Extension.url} are names,
 * though something that is sent along may be found there.
 */
public final class RewriteLinks {
    private static final Pattern LINK = Pattern.compile("(\\s(?:href|src)\\s*=\\s*)([\"'])([^\"']*)\\2");

    private final Structures structures;
    private final UnaryOperator<String> references;
    private final UnaryOperator<String> uris;

    /** Changes references by the one, and other links by the other. */
    public RewriteLinks(Structures structures, UnaryOperator<String> references, UnaryOperator<String> uris) {
        this.structures = structures;
        this.references = references;
        this.uris = uris;
    }

    /** The same resource with other links. */
    public RawBsonDocument in(RawBsonDocument resource) {
        return new RawBsonDocument(resource(resource), new BsonDocumentCodec());
    }

    /** What stands in a Bundle refers to what has a {@code fullUrl} there. */
    private BsonDocument resource(BsonDocument resource) {
        BsonValue type = resource.get("resourceType");
        if (type == null || !type.isString() || type.asString().getValue().equals("Bundle")) {
            return resource;
        }
        return document(type.asString().getValue(), resource);
    }

    private BsonDocument document(String typeName, BsonDocument document) {
        TypeDefinition type = structures.type(typeName);
        if (type == null) {
            return document;
        }
        BsonDocument changed = new BsonDocument();
        document.forEach((name, value) -> changed.put(name, value(type, name, value)));
        return changed;
    }

    private BsonValue value(TypeDefinition type, String name, BsonValue value) {
        ElementDefinition element = type.element(name);
        String holds = element == null ? extended(name) : element.type();
        if (holds == null) {
            return value;
        }
        if (value.isArray()) {
            return new BsonArray(value.asArray().stream()
                    .map(each -> one(type, name, holds, each))
                    .toList());
        }
        return one(type, name, holds, value);
    }

    /** The extensions of a primitive stand beside it. */
    private static @Nullable String extended(String name) {
        return name.startsWith("_") ? "Element" : null;
    }

    private BsonValue one(TypeDefinition type, String name, String holds, BsonValue value) {
        if (value.isDocument()) {
            return holds.equals("Resource") ? resource(value.asDocument()) : document(holds, value.asDocument());
        }
        if (!value.isString()) {
            return value;
        }
        String text = value.asString().getValue();
        if (type.name().equals("Reference") && name.equals("reference")) {
            return changed(value, text, references.apply(text));
        }
        return switch (holds) {
            case "uri" -> isName(name, text) ? value : changed(value, text, uris.apply(text));
            case "url", "oid", "uuid" -> changed(value, text, uris.apply(text));
            case "xhtml" -> changed(value, text, narrative(text));
            default -> value;
        };
    }

    /** What something is called: a system of codes, an extension, a resource by its canonical; and whatever else is an address of the web. */
    private static boolean isName(String element, String uri) {
        return element.equals("system") || element.equals("url") || uri.startsWith("http:") || uri.startsWith("https:");
    }

    private String narrative(String xhtml) {
        return LINK.matcher(xhtml)
                .replaceAll(link -> Matcher.quoteReplacement(
                        link.group(1) + link.group(2) + uris.apply(link.group(3)) + link.group(2)));
    }

    private static BsonValue changed(BsonValue value, String before, String after) {
        return after.equals(before) ? value : new BsonString(after);
    }
}
