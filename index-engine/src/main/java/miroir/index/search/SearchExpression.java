package miroir.index.search;

import java.util.List;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.value.DateInterval;
import miroir.index.value.FoldedText;
import org.jspecify.annotations.Nullable;

/** What a query asks, in FHIR's terms. */
public sealed interface SearchExpression {

    /** The parameters whose fields decide about it. */
    Stream<SearchParameter> parameters();

    /** What is asked of one parameter. */
    sealed interface OfParameter extends SearchExpression {
        SearchParameter parameter();

        @Override
        default Stream<SearchParameter> parameters() {
            return Stream.of(parameter());
        }
    }

    /** Every part; none: everything. */
    record And(List<SearchExpression> parts) implements SearchExpression {
        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public Stream<SearchParameter> parameters() {
            return parts.stream().flatMap(SearchExpression::parameters);
        }
    }

    /** At least one part. */
    record Or(List<SearchExpression> parts) implements SearchExpression {
        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public Stream<SearchParameter> parameters() {
            return parts.stream().flatMap(SearchExpression::parameters);
        }
    }

    /** {@code :not}: no value matches, or there is none. */
    record Not(SearchExpression part) implements SearchExpression {
        @Override
        public Stream<SearchParameter> parameters() {
            return part.parameters();
        }
    }

    /** {@code :missing}. */
    record Missing(SearchParameter parameter, boolean missing) implements OfParameter {}

    /**
     * A code, a system, or both.
     *
     * @param system null: any; empty: a value without a system
     * @param code null: any
     */
    record Token(
            SearchParameter parameter,
            @Nullable String system,
            @Nullable String code) implements OfParameter {}

    /**
     * One of the codes that a value set has, or that a code is above or below.
     *
     * @param name under which the client knows them
     */
    record AmongCodes(SearchParameter parameter, String name, List<Token> codes) implements OfParameter {
        public AmongCodes {
            codes = List.copyOf(codes);
        }
    }

    /** {@code :of-type}: an identifier by the coding of its type and its value. */
    record TypedIdentifier(SearchParameter parameter, String system, String code, String value)
            implements OfParameter {}

    /** {@code :text}: what people read beside a code starts with this. */
    record TokenText(SearchParameter parameter, String text) implements OfParameter {}

    /** Text of a string parameter. */
    record Text(SearchParameter parameter, String text, TextMatch match) implements OfParameter {
        /** The text as it is compared unless it must be exact. */
        String folded() {
            return FoldedText.fold(text);
        }
    }

    /**
     * A reference to a resource of this server, or to one that is written as if it were.
     *
     * @param type null: any that the parameter allows
     */
    record LocalReference(
            SearchParameter parameter, @Nullable String type, String id) implements OfParameter {}

    /** A reference or canonical by its URL. */
    record ForeignReference(SearchParameter parameter, String url) implements OfParameter {}

    /**
     * {@code :identifier}: a reference that says which business identifier it means.
     *
     * @param system null: any; empty: an identifier without a system
     * @param value null: any
     */
    record IdentifiedReference(
            SearchParameter parameter,
            @Nullable String system,
            @Nullable String value) implements OfParameter {}

    /** A date; the interval of {@link Prefix#AP} is widened already. */
    record Date(SearchParameter parameter, Prefix prefix, DateInterval interval) implements OfParameter {}

    /**
     * A number, or a quantity with or without its unit.
     *
     * @param system of the unit; null: any; empty: the code may be the unit as people write it as well
     * @param code of the unit; null: any
     */
    record Quantity(
            SearchParameter parameter,
            Prefix prefix,
            AskedNumber number,
            @Nullable String system,
            @Nullable String code)
            implements OfParameter {}

    /** A uri. */
    record Uri(SearchParameter parameter, String uri, UriMatch match) implements OfParameter {}

    /**
     * {@code a$b}: one value of the parameter has all these components.
     *
     * @param parts about the components, in order, as if they were parameters
     */
    record Composite(SearchParameter parameter, List<SearchExpression> parts) implements OfParameter {
        public Composite {
            parts = List.copyOf(parts);
        }
    }

    /** It refers to a resource of that type of which this holds: {@code organization.name}. */
    record Chain(SearchParameter reference, String type, SearchExpression of) implements SearchExpression {
        @Override
        public Stream<SearchParameter> parameters() {
            return Stream.concat(Stream.of(reference), of.parameters());
        }
    }

    /** A resource of the reference's type, of which this holds, refers to it: {@code _has}. */
    record Has(SearchParameter reference, SearchExpression of) implements SearchExpression {
        @Override
        public Stream<SearchParameter> parameters() {
            return Stream.concat(Stream.of(reference), of.parameters());
        }
    }

    /** {@code _id}. */
    record Id(String id) implements SearchExpression {
        @Override
        public Stream<SearchParameter> parameters() {
            return Stream.of();
        }
    }

    /** {@code _lastUpdated}. */
    record LastUpdated(Prefix prefix, DateInterval interval) implements SearchExpression {
        @Override
        public Stream<SearchParameter> parameters() {
            return Stream.of();
        }
    }

    /** How texts are compared. */
    enum TextMatch {
        /** Folded, from the start. */
        STARTS_WITH,
        /** Folded, anywhere. */
        CONTAINS,
        /** Letter by letter, all of it. */
        EXACT
    }

    /** How uris are compared. */
    enum UriMatch {
        EQUAL,
        /** The stored one is a parent of the one searched for, or the same. */
        ABOVE,
        /** The stored one starts with the one searched for. */
        BELOW
    }
}
