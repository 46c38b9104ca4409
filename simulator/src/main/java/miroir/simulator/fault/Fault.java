package miroir.simulator.fault;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can go wrong with one request. */
public enum Fault {
    /** 429, with {@code Retry-After} where the rule says how many seconds. */
    TOO_MANY_REQUESTS(Where.EVERYWHERE),
    /** 502 without a body. */
    BAD_GATEWAY(Where.EVERYWHERE),
    /** 504 without a body. */
    GATEWAY_TIMEOUT(Where.EVERYWHERE),
    /** The connection is closed in the middle of the answer. */
    CUT(Where.EVERYWHERE),
    /** 200 whose JSON ends in the middle. */
    TRUNCATED(Where.EVERYWHERE),
    /** The answer comes late. */
    SLOW(Where.EVERYWHERE),
    /** The answer says that it is something else than FHIR JSON. */
    WRONG_CONTENT_TYPE(Where.EVERYWHERE),
    /** One of the example payloads is answered instead. */
    EXAMPLE(Where.EVERYWHERE),
    /** The link to this page is dead: 500, too old or corrupted. */
    LINK_TOO_OLD(Where.LINKS),
    /** The link to this page is dead: 400. */
    LINK_BAD(Where.LINKS),
    /** The link to this page is dead: 404. */
    LINK_NOT_FOUND(Where.LINKS),
    /** The link to this page is dead: 410. */
    LINK_GONE(Where.LINKS),
    /** The next page is this page once more. */
    DUPLICATE_PAGE(Where.FOLLOWED_PAGES),
    /** The next page is the one after it. */
    MISSING_PAGE(Where.FOLLOWED_PAGES),
    /** There is no link to the next page. */
    EARLY_END(Where.FOLLOWED_PAGES),
    /** The total is one too many. */
    WRONG_TOTAL(Where.SEARCHES),
    /** The total is one too few. */
    LOW_TOTAL(Where.SEARCHES),
    /** The total is 0. */
    ZERO_TOTAL(Where.SEARCHES),
    /** The total is not said, even if asked for. */
    NO_TOTAL(Where.SEARCHES),
    /** The first resource of the page is one of another type. */
    WRONG_RESOURCE(Where.PAGES),
    /** The first resource of the page is no FHIR. */
    UNSTORABLE_RESOURCE(Where.PAGES);

    private enum Where {
        EVERYWHERE,
        LINKS,
        SEARCHES,
        PAGES,
        FOLLOWED_PAGES
    }

    private final Where where;

    Fault(Where where) {
        this.where = where;
    }

    /** How rules name it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Fault parse(String text) {
        return Stream.of(values())
                .filter(fault -> fault.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no fault '" + text + "'; there are: "
                        + Stream.of(values()).map(Fault::text).collect(Collectors.joining(" "))));
    }

    boolean canHappenOn(Target target) {
        return switch (where) {
            case EVERYWHERE -> true;
            case LINKS -> target.page() > 1;
            case SEARCHES -> target.isSearch();
            case PAGES -> target.page() > 0;
            case FOLLOWED_PAGES -> target.page() > 0 && target.isFollowed().getAsBoolean();
        };
    }
}
