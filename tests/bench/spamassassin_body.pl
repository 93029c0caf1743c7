# Times Mail::SpamAssassin's check() in one process, rules of one directory and nothing else: no network, no Bayes.
# usage: perl spamassassin_body.pl RULES-DIRECTORY FILE...   prints CPU seconds, wall seconds and the number of hits of each message
use strict;
use warnings;
use Time::HiRes qw(time);
use Mail::SpamAssassin;

my ($rules, @files) = @ARGV;
my $assassin = Mail::SpamAssassin->new({
    rules_filename => $rules, site_rules_filename => $rules, userprefs_filename => "$rules/user_prefs",
    local_tests_only => 1, dont_copy_prefs => 1, use_bayes => 0, require_rules => 0,
    home_dir_for_helpers => $rules, username => 'nobody',
});
$assassin->compile_now(0, 1);
for my $file (@files) {
    open(my $handle, '<:raw', $file) or die "$file: $!";
    local $/;
    my $octets = <$handle>;
    my ($cpu, $wall) = ((times)[0] + (times)[1], time);
    my $mail = $assassin->parse($octets);
    my $status = $assassin->check($mail);
    my $found = () = $status->get_names_of_tests_hit() =~ /W_/g;
    $status->finish();
    $mail->finish();
    printf "%.6f %.6f %d\n", (times)[0] + (times)[1] - $cpu, time - $wall, $found;
}
