// SPDX-License-Identifier: Apache-2.0
package id.kentongan.site.internal;

import id.kentongan.site.Dates;
import id.kentongan.site.Numbers;
import id.kentongan.site.SecurityHeaders;
import id.kentongan.site.spi.SiteContext;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.TreeSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.i18n.LocaleChangeInterceptor;
import org.springframework.web.servlet.resource.ResourceUrlEncodingFilter;
import org.springframework.web.servlet.resource.VersionResourceResolver;
import org.webjars.WebJarVersionLocator;

@Configuration(proxyBeanMethods = false)
class SiteConfiguration implements WebMvcConfigurer {
    /** Every module's texts: {@code messages/<module>.properties} and its translations. */
    @Bean
    MessageSource messageSource() throws IOException {
        var names = new TreeSet<String>();
        for (var file : new PathMatchingResourcePatternResolver().getResources("classpath*:messages/*.properties")) {
            var name = String.valueOf(file.getFilename()).replace(".properties", "");
            names.add("messages/" + name.replaceFirst("_[a-z]{2}$", ""));
        }
        var source = new ResourceBundleMessageSource();
        source.setBasenames(names.toArray(String[]::new));
        source.setDefaultEncoding("UTF-8");
        source.setFallbackToSystemLocale(false);
        return source;
    }

    @Bean
    LocaleResolver localeResolver() {
        return new CookieLanguageResolver();
    }

    @Bean
    Dates dates(Clock clock, CurrentPlace place) {
        return new Dates(clock, place::zone);
    }

    @Bean
    Numbers numbers() {
        return new Numbers();
    }

    @Bean
    CurrentPlace currentPlace(ObjectProvider<SiteContext> context) {
        return new CurrentPlace(context);
    }

    @Bean
    Version version(ObjectProvider<BuildProperties> build) {
        var properties = build.getIfAvailable();
        var value = properties == null ? null : properties.getVersion();
        return new Version(value == null ? "0" : value);
    }

    @Bean
    SecurityHeaders securityHeaders() {
        return new StrictSecurityHeaders();
    }

    /** Writes content-hash addresses into templates, so that assets can be kept for a year. */
    @Bean
    ResourceUrlEncodingFilter resourceUrlEncodingFilter() {
        return new ResourceUrlEncodingFilter();
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        var byParameter = new LocaleChangeInterceptor();
        byParameter.setParamName("lang");
        byParameter.setIgnoreInvalidLocale(true);
        registry.addInterceptor(byParameter);
    }

    /** Our assets and, under the same path, the few files of other people's that we serve. */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        var webjars = new WebJarVersionLocator();
        registry.addResourceHandler("/assets/**")
                .addResourceLocations(
                        "classpath:/static/assets/", webjar(webjars, "htmx.org"), webjar(webjars, "leaflet"))
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable())
                .resourceChain(true)
                .addResolver(new VersionResourceResolver().addContentVersionStrategy("/**"));
    }

    private static String webjar(WebJarVersionLocator webjars, String name) {
        var version = webjars.version(name);
        if (version == null) {
            throw new IllegalStateException("The webjar " + name + " is not on the class path");
        }
        return "classpath:/META-INF/resources/webjars/" + name + "/" + version + "/dist/";
    }

    record Version(String value) {}

    /** The zone of the place a page is drawn for; Jakarta's outside a request. */
    static final class CurrentPlace {
        private static final ZoneId DEFAULT = ZoneId.of("Asia/Jakarta");
        private final ObjectProvider<SiteContext> context;

        CurrentPlace(ObjectProvider<SiteContext> context) {
            this.context = context;
        }

        ZoneId zone() {
            return Requests.current()
                    .flatMap(request -> Requests.place(request, context))
                    .map(SiteContext.Place::zone)
                    .orElse(DEFAULT);
        }
    }
}
