package miroir.server.reports;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.server.pipeline.Exchange;

/** Reports that are made once for all are for those who may see all that they are made from. */
final class Whole {
    private Whole() {}

    /** Returns if whoever asks sees everything of these types. */
    static void require(Exchange exchange, Collection<String> types) {
        Caller caller = exchange.caller();
        Set<String> hidden = new TreeSet<>();
        types.stream().filter(type -> !caller.seen().of(type).isAll()).forEach(hidden::add);
        if (!hidden.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.RIGHT_MISSING,
                    "this report is about all of the directory, and \"" + exchange.consumer() + "\" sees not all of "
                            + String.join(", ", hidden));
        }
    }
}
