<?php
/**
 * Sends a PayTR payment link from a shop's back end: plain PHP 7.4 or later, no library.
 *
 *   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… php examples/send.php sms NB2Zlz3 05321234567
 *   RELAY_URL=https://relay.example WEBHOOK_SECRET=whsec_… php examples/send.php email NB2Zlz3 musteri@example.com
 *
 * PHP needs its curl extension for it, or allow_url_fopen and, for https, the openssl extension.
 *
 * In scope: one message, signed (Standard Webhooks), sent, and asked for again where that is safe. Not in scope: making
 * the link, and remembering what was sent.
 *
 * In WooCommerce: save this file as paytr-link.php in a small plugin of your own, put RELAY_URL and WEBHOOK_SECRET into
 * wp-config.php with define(), and send when an order waits for its payment. In the background, because PayTR may take
 * its time and the customer should not:
 *
 *   require_once __DIR__ . '/paytr-link.php';
 *
 *   add_action('woocommerce_order_status_on-hold', function ($order_id) {
 *       as_enqueue_async_action('my_shop_send_paytr_link', [$order_id]);
 *   });
 *   add_action('my_shop_send_paytr_link', function ($order_id) {
 *       $order = wc_get_order($order_id);
 *       // One id for one order's message, kept before it is used: an action that runs twice still sends once.
 *       $id = $order->get_meta('_paytr_message') ?: 'msg_' . bin2hex(random_bytes(16));
 *       $order->update_meta_data('_paytr_message', $id);
 *       $order->save();
 *       try {
 *           paytr_send_link(RELAY_URL, WEBHOOK_SECRET, 'sms', $order->get_meta('_paytr_link_id'),
 *               $order->get_billing_phone(), $id);
 *           $order->add_order_note('PayTR link sent by SMS.');
 *       } catch (Exception $not_sent) {
 *           $order->add_order_note('PayTR link: ' . $not_sent->getMessage());
 *       }
 *   });
 */

/**
 * Returns the message's id once PayTR has taken it.
 *
 * Keep the id with the order before you call: with the same id the relay sends once, however often it is asked.
 *
 * @param string      $relay_url  such as https://relay.example, with or without /webhook
 * @param string      $secret     whsec_…, the one that the relay knows too
 * @param string      $channel    sms or email
 * @param string      $link_id    what PayTR's create call returned
 * @param string      $recipient  a Turkish mobile number as text, or an e-mail address
 * @param string|null $id         the message's name; a new one if not given
 * @throws RuntimeException with the relay's `detail` if it was not sent, or if nobody knows
 */
function paytr_send_link(
    string $relay_url,
    string $secret,
    string $channel,
    string $link_id,
    string $recipient,
    ?string $id = null
): string {
    $tries = 5;
    $longest_wait = 30;
    $fields = ['sms' => 'cell_phone', 'email' => 'email'];
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
    if (!isset($fields[$channel]) || $key === false || $key === '') {
        throw new InvalidArgumentException('The channel is sms or email, the secret is whsec_ and base64.');
    }
    $id = $id ?? 'msg_' . bin2hex(random_bytes(16));
    $message = ['type' => "link.send_$channel", 'data' => ['id' => $link_id, $fields[$channel] => $recipient]];
    $body = json_encode($message, JSON_THROW_ON_ERROR);
    $url = preg_replace('#(/webhook)?/*$#D', '', $relay_url, 1) . '/webhook';

    for ($tried = 1; ; $tried++) {
        $timestamp = time();
        $signature = base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        [$status, $retry_after, $answer] = paytr_relay_post($url, $body, [
            'content-type: application/json',
            "webhook-id: $id",
            "webhook-timestamp: $timestamp",
            "webhook-signature: v1,$signature",
        ]);
        if (($answer['outcome'] ?? null) === 'sent') {
            return $id;
        }
        if (!in_array($status, [0, 409, 503], true)) {
            $why = $answer['detail'] ?? "HTTP $status";
            foreach ($answer['errors'] ?? [] as $error) {
                $why .= " {$error['pointer']} {$error['detail']}.";
            }
            throw new RuntimeException($why);
        }
        if ($tried === $tries) {
            throw new RuntimeException(
                "No final answer from the relay after several tries. Asking again as $id is safe."
            );
        }
        sleep(min($retry_after ?: 2 ** ($tried - 1), $longest_wait));
    }
}

/**
 * The status (0 if there was no answer, or only a part of one), the seconds of Retry-After, and the JSON.
 *
 * @throws RuntimeException if this PHP cannot call anybody
 */
function paytr_relay_post(string $url, string $body, array $headers): array
{
    $post = function_exists('curl_exec') ? 'paytr_post_by_curl' : 'paytr_post_by_stream';
    [$lines, $text] = $post($url, $body, $headers);
    $status = $retry_after = $length = 0;
    $is_json = false;
    foreach ($lines as $line) {
        if (preg_match('#^HTTP/\S+ (\d+)#', $line, $found)) {
            $status = (int) $found[1];
        } elseif (preg_match('/^retry-after: *(\d+)/i', $line, $found)) {
            $retry_after = (int) $found[1];
        } elseif (preg_match('#^content-type: *application/(problem\+)?json#i', $line)) {
            $is_json = true;
        } elseif (preg_match('/^content-length: *(\d+)/i', $line, $found)) {
            $length = (int) $found[1];
        }
    }
    $answer = json_decode($text, true);
    // PHP's streams take what was cut off for the whole.
    if (strlen($text) < $length || ($is_json && !is_array($answer))) {
        return [0, 0, []];
    }
    // Nothing but a relay says `outcome` or `detail`; a page of some other server is an empty array.
    return [$status, $retry_after, is_array($answer) ? $answer : []];
}

/** The lines of the head and the text, both empty if there was no answer. TLS is checked, as it must be. */
function paytr_post_by_curl(string $url, string $body, array $headers): array
{
    $lines = [];
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 30,
        CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$lines) {
            $lines[] = $line;
            return strlen($line);
        },
    ]);
    $text = curl_exec($curl);
    return $text === false ? [[], ''] : [$lines, $text];
}

/** The same without the curl extension. */
function paytr_post_by_stream(string $url, string $body, array $headers): array
{
    $is_open = filter_var(ini_get('allow_url_fopen'), FILTER_VALIDATE_BOOLEAN);
    if (!$is_open || !in_array(parse_url($url, PHP_URL_SCHEME), stream_get_wrappers(), true)) {
        throw new RuntimeException(
            'This PHP cannot call the relay. Switch on the curl extension, or allow_url_fopen and the openssl one.'
        );
    }
    $stream = @fopen($url, 'rb', false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => $headers,
        'content' => $body,
        'timeout' => 30,
        'ignore_errors' => true,
        'follow_location' => 0,
        'protocol_version' => 1.1,
    ]]));
    if ($stream === false) {
        return [[], ''];
    }
    $text = (string) @stream_get_contents($stream);
    $about = stream_get_meta_data($stream);
    fclose($stream);
    return $about['timed_out'] ? [[], ''] : [$about['wrapper_data'], $text];
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    $relay_url = getenv('RELAY_URL');
    $secret = getenv('WEBHOOK_SECRET');
    if ($argc !== 4 || !$relay_url || !$secret) {
        fwrite(STDERR, "usage: RELAY_URL=… WEBHOOK_SECRET=… php send.php sms|email LINK_ID RECIPIENT\n");
        exit(2);
    }
    try {
        $id = paytr_send_link($relay_url, $secret, $argv[1], $argv[2], $argv[3]);
        echo "Sent ($id).\n";
    } catch (Exception $not_sent) {
        fwrite(STDERR, $not_sent->getMessage() . "\n");
        exit(1);
    }
}
