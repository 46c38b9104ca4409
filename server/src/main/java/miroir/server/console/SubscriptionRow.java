package miroir.server.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.server.routing.AdminRoute;
import miroir.server.subscriptions.KnownSubscriptions;
import miroir.server.subscriptions.KnownSubscriptions.Known;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as people see it.
 *
 * @param lag how old the oldest change is that was not taken; null: there is none
 * @param actions what can be asked of it, the first being what is most likely wanted
 */
record SubscriptionRow(Known known, Badge badge, @Nullable Duration lag, List<AdminRoute> actions) {
    private static final Pattern ANSWER = Pattern.compile(KnownSubscriptions.ANSWERS + "([0-9]{3})");
    private static final Badge REQUESTED = new Badge("warn", "?", "subs.requested");
    private static final Badge ACTIVE = new Badge("good", "✓", "subs.active");
    private static final Badge FAILING = new Badge("warn", "!", "subs.failing");
    private static final Badge ERROR = new Badge("bad", "✗", "subs.error");
    private static final Badge OFF = new Badge("off", "■", "subs.off");

    SubscriptionRow {
        actions = List.copyOf(actions);
    }

    static SubscriptionRow of(Known known, Instant now) {
        Instant oldest = known.oldest();
        return new SubscriptionRow(
                known, badge(known), oldest == null ? null : Duration.between(oldest, now), actions(known));
    }

    private static Badge badge(Known known) {
        return switch (known.status()) {
            case "requested" -> REQUESTED;
            case "active" -> !known.isApproved() ? REQUESTED : known.failingSince() == null ? ACTIVE : FAILING;
            case "error" -> ERROR;
            default -> OFF;
        };
    }

    private static List<AdminRoute> actions(Known known) {
        if (known.status().equals("active") && known.isApproved()) {
            return List.of(AdminRoute.PAUSE_SUBSCRIPTION);
        }
        AdminRoute begin = known.isApproved() ? AdminRoute.RESUME_SUBSCRIPTION : AdminRoute.APPROVE_SUBSCRIPTION;
        return known.status().equals("requested") ? List.of(begin, AdminRoute.PAUSE_SUBSCRIPTION) : List.of(begin);
    }

    /** Where a form that asks for this is sent, below {@code /admin/api}. */
    String path(AdminRoute action) {
        return action.path().replace("{id}", known.id());
    }

    /** What it is called on a button. */
    String key(AdminRoute action) {
        return switch (action) {
            case APPROVE_SUBSCRIPTION -> "subs.approve";
            case PAUSE_SUBSCRIPTION -> "subs.pause";
            default -> "subs.resume";
        };
    }

    /** Why something could not be delivered, as far as that is known without its words; empty: nothing went wrong. */
    String why(View view) {
        String words = known.lastError();
        Matcher answer = ANSWER.matcher(words);
        if (words.isEmpty()) {
            return "";
        }
        return answer.find()
                ? view.say("subs.why.answers", answer.group(1))
                : view.say(words.contains(KnownSubscriptions.UNREACHABLE) ? "subs.why.away" : "subs.why.other");
    }

    /** Of whom it is, without what kind of asker that is. */
    String owner() {
        return known.owner().substring(known.owner().indexOf('/') + 1);
    }
}
