package miroir.server;

import java.util.Optional;
import miroir.server.access.AccessParts;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.console.Theme;
import miroir.server.fhir.FhirParts;
import miroir.storage.sync.Register;
import miroir.storage.views.StoredViews;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant has for itself. The server's own is the one without a name.
 *
 * @param fileToken with which everything may be done; null: nobody has one
 * @param register of consumers and administrators; null where tests need none
 * @param synchronisations what is known of them; null where tests need none
 * @param theme how its pages look
 * @param views that can be run by name
 */
record Tenant(
        ServerConfiguration configuration,
        FhirParts parts,
        @Nullable String fileToken,
        @Nullable AccessParts register,
        @Nullable Register synchronisations,
        Theme theme,
        StoredViews views) {
    /** One whose pages look as ours do, and that has no views of its own. */
    Tenant(
            ServerConfiguration configuration,
            FhirParts parts,
            @Nullable String fileToken,
            @Nullable AccessParts register,
            @Nullable Register synchronisations) {
        this(configuration, parts, fileToken, register, synchronisations, Theme.none(), StoredViews.none());
    }

    String name() {
        return configuration.tenant();
    }

    Optional<String> token() {
        return Optional.ofNullable(fileToken);
    }

    Optional<AccessParts> access() {
        return Optional.ofNullable(register);
    }
}
