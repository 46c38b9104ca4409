package miroir.server.pipeline;

import miroir.index.Refusal;
import miroir.server.routing.Interaction;

/** Whether whoever asks may have what is asked for, and whether it is offered at all. */
public final class Permission {
    private Permission() {}

    /** Returns if a routed exchange may go on; each entry of a bundle is one. */
    public static void check(Exchange exchange) {
        Interaction interaction = exchange.route().interaction();
        if (interaction == Interaction.PAGE) {
            return;
        }
        // First: no token would help.
        if (!interaction.isOffered()) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED,
                    "the interaction " + interaction.code() + " ("
                            + Refusal.shown(exchange.request().getRequestURI())
                            + ") is not offered by this server; see /metadata");
        }
        if (!exchange.rights().mayRead()) {
            throw new Refusal(
                    Refusal.Reason.LOGIN_NEEDED, interaction.code() + " needs a token: Authorization: Bearer [token]");
        }
        if (interaction.writes() && !exchange.rights().mayWrite()) {
            throw new Refusal(
                    Refusal.Reason.LOGIN_NEEDED,
                    interaction.code() + " needs a token that may write: Authorization: Bearer [token]");
        }
        if (interaction.writes() && !exchange.rights().byToken()) {
            ForeignPages.refuse(exchange);
        }
    }
}
