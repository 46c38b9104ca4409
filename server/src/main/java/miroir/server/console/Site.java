package miroir.server.console;

import java.time.ZoneId;

/**
 * What all pages of a tenant have in common.
 *
 * @param zone in which they tell times
 * @param hasReports whether there are reports that they lead to
 * @param hasQuality whether one of them is on quality, which is made here
 * @param hasSubscriptions whether there are some that administrators look after
 * @param hasExports whether there are exports in bulk that they look after
 * @param isOpen whether FHIR is read without a token: a browser has none
 * @param theme how they look
 */
public record Site(
        ZoneId zone,
        boolean hasReports,
        boolean hasQuality,
        boolean hasSubscriptions,
        boolean hasExports,
        boolean isOpen,
        Theme theme) {}
