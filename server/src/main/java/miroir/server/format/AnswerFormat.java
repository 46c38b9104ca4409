package miroir.server.format;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import org.jspecify.annotations.Nullable;

/**
 * How an answer is written.
 *
 * @param isPretty indented for people
 */
public record AnswerFormat(Format format, boolean isPretty) {
    /** What is answered where nothing else is asked for or preferred. */
    public static final AnswerFormat PLAIN_JSON = new AnswerFormat(Format.JSON, false);

    /**
     * What the client asks for, or a {@link Refusal} where that is not given here.
     *
     * @param preferred where the client does not say, or wants both alike
     */
    public static AnswerFormat of(HttpServletRequest request, List<QueryParameter> query, Format preferred) {
        return Negotiation.of(query, accept(request), preferred);
    }

    /** The format of a Binary, where it is answered as a resource. */
    public static AnswerFormat ofBinary(HttpServletRequest request, List<QueryParameter> query, Format preferred) {
        return Negotiation.ofBinary(query, accept(request), preferred);
    }

    /** Whether who reads a Binary whose content is of that type is answered the content. */
    public static boolean isForContent(HttpServletRequest request, List<QueryParameter> query, String contentType) {
        return Negotiation.isForContent(query, accept(request), contentType);
    }

    /**
     * What a failure is written in: what the client asks for, as far as that can be understood. The query may not have
     * been read when something failed.
     */
    public static AnswerFormat ofFailure(HttpServletRequest request, List<QueryParameter> query, Format preferred) {
        return query.isEmpty()
                ? ofFailure(request.getQueryString(), accept(request), preferred)
                : ofFailure(query, accept(request), preferred);
    }

    /** The same for a request that never became one of ours. */
    public static AnswerFormat ofFailure(@Nullable String queryString, @Nullable String accept) {
        return ofFailure(queryString, accept, Format.JSON);
    }

    private static AnswerFormat ofFailure(@Nullable String queryString, @Nullable String accept, Format preferred) {
        List<QueryParameter> query;
        try {
            query = queryString == null ? List.of() : QueryParameter.decode(queryString);
        } catch (Refusal e) {
            query = List.of();
        }
        return ofFailure(query, accept, preferred);
    }

    private static AnswerFormat ofFailure(List<QueryParameter> query, @Nullable String accept, Format preferred) {
        try {
            return Negotiation.of(query, accept, preferred);
        } catch (Refusal e) {
            return new AnswerFormat(preferred, false);
        }
    }

    /** An output in this format, with room for about so many bytes. */
    public ResourceOutput output(int room) {
        return format == Format.XML ? new XmlOutput(room, isPretty) : new JsonOutput(room, isPretty);
    }

    private static @Nullable String accept(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("Accept"));
        return headers.isEmpty() ? null : String.join(",", headers);
    }
}
