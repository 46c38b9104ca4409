package miroir.server.metadata;

import org.jspecify.annotations.Nullable;

/**
 * Who issues tokens with scopes of SMART App Launch.
 *
 * @param token where applications get them
 * @param authorize where people allow it
 */
public record SmartSecurity(
        @Nullable String token, @Nullable String authorize) {}
