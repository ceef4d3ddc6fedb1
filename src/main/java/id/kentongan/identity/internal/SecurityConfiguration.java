// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.spi.OpenPosts;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.TenantId;
import id.kentongan.site.Htmx;
import id.kentongan.site.SecurityHeaders;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    /** Argon2id with 19 MiB and two passes, the figures OWASP recommends at least. */
    @Bean
    PasswordEncoder passwordEncoder() {
        return new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    }

    /** Officers sign in through {@link SignInController}; nobody exists for the framework's own ways. */
    @Bean
    UserDetailsService nobody() {
        return name -> {
            throw new UsernameNotFoundException("no such sign-in");
        };
    }

    /**
     * Sessions join a running transaction. The library's own way, a transaction apart, would take a second connection
     * while the first is held, and would end sessions of a change that is then rolled back.
     */
    @Bean(defaultCandidate = false)
    TransactionOperations springSessionTransactionOperations(PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }

    @Bean
    HttpSessionSecurityContextRepository securityContexts() {
        return new HttpSessionSecurityContextRepository();
    }

    @Bean
    CsrfTokenRepository formTokens() {
        return new FormTokens();
    }

    @Bean
    SecurityFilterChain chain(
            HttpSecurity http,
            SecurityHeaders headers,
            HttpSessionSecurityContextRepository contexts,
            CsrfTokenRepository formTokens,
            CurrentRequest current,
            SignIns signIns,
            List<OpenPosts> openPosts)
            throws Exception {
        headers.apply(http);
        var open = openPosts.stream().flatMap(each -> each.patterns().stream()).toArray(String[]::new);
        // A request that continues asynchronously (a stream) was let in when it began; its session may be gone.
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers("/desk", "/desk/**")
                        .access((who, context) -> new AuthorizationDecision(
                                current.actor(context.getRequest()).isPresent()))
                        .anyRequest()
                        .permitAll())
                .securityContext(context -> context.securityContextRepository(contexts))
                .csrf(csrf -> csrf.csrfTokenRepository(formTokens).ignoringRequestMatchers(open))
                .requestCache(cache -> cache.disable())
                .formLogin(form -> form.disable())
                .httpBasic(basic -> basic.disable())
                .logout(logout -> logout.logoutUrl("/sign-out")
                        .addLogoutHandler((request, response, who) -> {
                            if (who != null && who.getPrincipal() instanceof SignedIn officer) {
                                signIns.signedOut(new TenantId(officer.tenant()), new OfficerId(officer.officer()));
                            }
                        })
                        .logoutSuccessUrl("/sign-in")
                        .deleteCookies("SESSION"))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(
                                (request, response, failure) -> toSignIn(request, response))
                        .accessDeniedHandler((request, response, denied) -> {
                            // Somebody whose session counts no more; a missing form token is answered as absent.
                            if (denied instanceof AuthorizationDeniedException) {
                                toSignIn(request, response);
                            } else {
                                response.sendError(HttpServletResponse.SC_FORBIDDEN);
                            }
                        }))
                .build();
    }

    private static void toSignIn(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        var reads = request.getMethod().equals("GET");
        if (Htmx.asks(request)) {
            // A piece of a page cannot be the sign-in page: the whole page loads anew and is led there. But not a page
            // in
            // which somebody is typing: it stays, and says so.
            if (reads) {
                response.setHeader(Htmx.REFRESH, "true");
            }
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        if (request.getMethod().equals("POST")) {
            request.getRequestDispatcher(SignInController.AGAIN).forward(request, response);
            return;
        }
        var back = reads ? "?to=" + URLEncoder.encode(path(request), StandardCharsets.UTF_8) : "";
        response.sendRedirect("/sign-in" + back);
    }

    private static String path(HttpServletRequest request) {
        var query = request.getQueryString();
        return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    }

    @Bean
    WebMvcConfigurer actorsAndTenants(CurrentRequest current) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(current);
            }
        };
    }
}
