package miroir.index.path;

import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.json.LiteralReferences;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * All the parameters of a resource type, or all the components of a composite, as one tree that is walked in one pass. The
 * walk tells a {@link Selection} what each selects; {@link Capture#slot} is the position in the list that was compiled.
 */
public final class CompiledPaths {
    private final PathNode focus;
    private final PathNode resource;
    private final List<Computed> computed;
    private final List<Capture> anywhere;
    private final List<Selected> selected;

    /** An expression that is a condition on the whole. */
    record Computed(Capture capture, PathCondition condition) {}

    /** What one expression can select. */
    record Selected(boolean many, Set<String> dataTypes) {
        Selected {
            dataTypes = Set.copyOf(dataTypes);
        }
    }

    CompiledPaths(
            PathNode focus,
            PathNode resource,
            List<Computed> computed,
            List<Capture> anywhere,
            List<Selected> selected) {
        this.focus = focus;
        this.resource = resource;
        this.computed = List.copyOf(computed);
        this.anywhere = List.copyOf(anywhere);
        this.selected = List.copyOf(selected);
    }

    /** Compiles parameters of a type; what {@link PathCompiler#check} refuses is an error here. */
    public static CompiledPaths of(String type, List<SearchParameter> parameters) {
        PathCompiler compiler = new PathCompiler(type, type);
        parameters.forEach(parameter -> compiler.add(parameter.expression(), parameter.components()));
        return compiler.compiled();
    }

    /** The one expression with {@code descendants()} that is understood: all references of a type's resources that say by a text what they are to. */
    public static String anyReference(String type) {
        return type + ".descendants().ofType(Reference)";
    }

    /** Tells what every path selects of a resource. */
    public void select(RawBsonDocument document, Selection selection) {
        select(RawValue.of(document), selection);
        if (!anywhere.isEmpty()) {
            LiteralReferences.in(document).all().forEach(found -> select(found.reference(), selection));
        }
    }

    private void select(String reference, Selection selection) {
        BsonDocument said = new BsonDocument("reference", new BsonString(reference));
        RawValue value = RawValue.of(new RawBsonDocument(said, new BsonDocumentCodec()));
        anywhere.forEach(capture -> selection.select(capture, value));
    }

    /** The same inside a resource: for the components of a composite. */
    public void select(RawValue start, Selection selection) {
        PathWalk.from(focus, start, selection);
        if (resource.hasChildren()) {
            PathWalk.from(resource, start.resource(), selection);
        }
        for (Computed part : computed) {
            PathCondition.Outcome outcome = part.condition.test(start);
            if (outcome != PathCondition.Outcome.UNKNOWN) {
                selection.select(part.capture, outcome == PathCondition.Outcome.TRUE);
            }
        }
    }

    /** Whether a path can select more than one value. */
    public boolean isMany(int slot) {
        return selected.get(slot).many();
    }

    /** The FHIR types of what a path can select. */
    public Set<String> dataTypes(int slot) {
        return selected.get(slot).dataTypes();
    }
}
