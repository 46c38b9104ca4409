package miroir.server.fhir;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import miroir.index.search.QueryParameter;
import miroir.index.store.ResourceVersion;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** What was answered to a page of ours. */
public sealed interface Told {

    /**
     * A resource, as it was read or as an operation made it.
     *
     * @param labelled the same with the labels that could be had for its codes
     */
    record OneResource(RawBsonDocument fhir, RawBsonDocument labelled) implements Told {}

    /** There is something else in its place now. */
    record Moved(String sentence, String to) implements Told {}

    /**
     * A page of a search or of a history.
     *
     * @param versions that were found, or were there, in order
     * @param included what belongs to them
     * @param remarks sentences in English
     * @param total of all pages; null where that is not known
     * @param previous the token of the page before; null: there is none
     * @param next the same of the one after
     */
    record Page(
            List<ResourceVersion> versions,
            List<ResourceVersion.Live> included,
            List<String> remarks,
            @Nullable Long total,
            @Nullable String previous,
            @Nullable String next,
            Duration took)
            implements Told {
        public Page {
            versions = List.copyOf(versions);
            included = List.copyOf(included);
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * An answer without what only programs need.
     *
     * @param labelled the same answer with labels
     */
    static Told of(Answer answer, Answer labelled, Duration took) {
        if (answer.body() instanceof Answer.OneResource one) {
            return new OneResource(one.fhir(), ((Answer.OneResource) labelled.body()).fhir());
        }
        if (answer.body() instanceof Answer.Information information) {
            return new Moved(information.text(), String.valueOf(answer.headers().get("Location")));
        }
        return page((Answer.Bundle) labelled.body(), took);
    }

    private static Page page(Answer.Bundle bundle, Duration took) {
        return new Page(
                bundle.entries().stream().flatMap(Told::version).toList(),
                bundle.entries().stream()
                        .filter(Answer.Included.class::isInstance)
                        .map(entry -> ((Answer.Included) entry).version())
                        .toList(),
                bundle.entries().stream()
                        .filter(Answer.Warnings.class::isInstance)
                        .flatMap(entry -> ((Answer.Warnings) entry).sentences().stream())
                        .toList(),
                bundle.total(),
                token(bundle, "previous"),
                token(bundle, "next"),
                took);
    }

    private static Stream<ResourceVersion> version(Answer.Entry entry) {
        if (entry instanceof Answer.Match match) {
            return Stream.of(match.version());
        }
        return entry instanceof Answer.Change change ? Stream.of(change.version()) : Stream.empty();
    }

    private static @Nullable String token(Answer.Bundle bundle, String relation) {
        return bundle.links().stream()
                .filter(link -> link.relation().equals(relation))
                .flatMap(link -> QueryParameter.ofLink(link.url()).stream())
                .filter(parameter -> parameter.name().equals(AskFhir.PAGE))
                .map(QueryParameter::value)
                .findFirst()
                .orElse(null);
    }
}
