<?php
// Posts a signed message with PHP's streams. The argument is code that spoils what was right until then.

$message = ['type' => 'link.send_email', 'data' => ['id' => 'NB2Zlz3', 'email' => 'ayşe/1@example.com']];
$plain = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
$sent = json_encode($message, $plain);
$secret = getenv('WEBHOOK_SECRET');

$key = base64_decode(substr($secret, 6));
$id = 'msg_php';
$timestamp = time();
$signed = $sent;
$prefix = "$id.$timestamp.";
$encode = 'base64_encode';
eval($argv[1]);
$signature = $encode(hash_hmac('sha256', $prefix . $signed, $key, true));

file_get_contents(getenv('RELAY_URL') . '/webhook', false, stream_context_create(['http' => [
    'method' => 'POST',
    'header' => [
        'content-type: application/json',
        "webhook-id: $id",
        "webhook-timestamp: $timestamp",
        "webhook-signature: v1,$signature",
    ],
    'content' => $sent,
    'ignore_errors' => true,
]]));
